from __future__ import annotations

from pathlib import Path

import pytest

from bot.language.classifier import IntentClassifier, MessageReader
from bot.language.encoder import SentenceEncoder

EXAMPLES = {
    "cold": [
        "does ice help",
        "frozen peas on my back",
        "a cold pack for the spasm",
        "put something freezing on it",
        "ice on a sore muscle",
        "are cold packs any good",
        "cooling the muscle down",
        "ice or no ice",
    ],
    "injection": [
        "steroid jab in the spine",
        "is a cortisone injection risky",
        "the needle in my back",
        "do injections work",
        "should I have the jab",
        "what about a steroid shot",
        "doctor offered an injection",
        "jabs for back pain",
    ],
    "shoes": [
        "are high heels bad",
        "what shoes are best",
        "flat shoes for my back",
        "do trainers help",
        "boots with a heel",
        "footwear advice",
        "shoes for standing all day",
        "low heels or flats",
    ],
    "slimming": [
        "would losing weight help",
        "I want to shed a stone",
        "slimming for my back",
        "less weight on the spine",
        "does being lighter help",
        "lose the belly",
        "dropping a few pounds",
        "weight loss and pain",
    ],
    "goodbye": ["bye", "see you", "ta ta", "goodbye now", "I am off", "cheerio", "so long", "see you later"],
    "football": [
        "who won the match",
        "when is kick off",
        "the cup final score",
        "did United win",
        "best striker ever",
        "offside rule",
        "who is top of the league",
        "is the match on telly",
    ],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
LABELS = [label for label, texts in EXAMPLES.items() for _ in texts]


@pytest.fixture(scope="module")
def classifier(encoder: SentenceEncoder) -> IntentClassifier:
    return IntentClassifier(encoder).fit(TEXTS, LABELS)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("could I hold an ice cube against it", "cold"),
        ("they want to inject me with steroids", "injection"),
        ("which kind of shoe should I buy", "shoes"),
        ("if I were thinner would it ease", "slimming"),
        ("who scored in the match", "football"),
    ],
)
def test_it_reads_what_it_has_not_seen(classifier: IntentClassifier, text: str, label: str) -> None:
    assert classifier.predict([text])[0].label == label


def test_the_confidence_is_a_share_and_the_ranking_is_complete(classifier: IntentClassifier) -> None:
    for prediction in classifier.predict([*TEXTS[::5], "", "🧊", "qwx zzkj", "X" * 10_000]):
        assert 0 <= prediction.confidence <= 1
        assert sorted(label for label, _ in prediction.ranking) == sorted(EXAMPLES)
        shares = [share for _, share in prediction.ranking]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1, abs=1e-4)
        assert prediction.label == prediction.ranking[0][0]
        assert prediction.care_share == 0


def test_the_share_of_care_is_that_of_all_signs_together(encoder: SentenceEncoder) -> None:
    labels = {"child/limp": "my child limps", "fever/high": "a high fever", "sleep": "how do I sleep?"}
    found = IntentClassifier(encoder).fit([*labels.values()] * 2, [*labels] * 2).predict(["a child with a fever"])[0]
    shares = dict(found.ranking)
    assert found.care_share == pytest.approx(shares["child/limp"] + shares["fever/high"])
    assert 0 < found.care_share < 1


@pytest.mark.parametrize("text", ["qwx zzkj fnord blarg", "ñandú øl żółć", "9731 4426 1180"])
def test_it_is_unsure_of_gibberish(classifier: IntentClassifier, text: str) -> None:
    gibberish, clear = classifier.predict([text, "does an ice pack help my back"])
    assert gibberish.confidence < 0.6 < clear.confidence


def test_many_are_read_as_each_alone(classifier: IntentClassifier) -> None:
    together = classifier.predict(TEXTS[:4])
    for text, prediction in zip(TEXTS[:4], together):
        alone = classifier.predict([text])[0]
        assert alone.label == prediction.label
        assert alone.confidence == pytest.approx(prediction.confidence, abs=1e-5)


def test_no_text_no_prediction(classifier: IntentClassifier) -> None:
    assert classifier.predict([]) == []


def test_a_saved_classifier_reads_the_same(
    classifier: IntentClassifier, encoder: SentenceEncoder, tmp_path: Path
) -> None:
    classifier.save(tmp_path / "classifier.npz")
    loaded = IntentClassifier.load(tmp_path / "classifier.npz", encoder)
    assert loaded.learnt.labels == classifier.learnt.labels
    for before, after in zip(classifier.predict(TEXTS[::7]), loaded.predict(TEXTS[::7])):
        assert [label for label, _ in before.ranking] == [label for label, _ in after.ranking]
        assert after.confidence == pytest.approx(before.confidence, abs=1e-6)


def test_two_labels_are_enough(encoder: SentenceEncoder) -> None:
    trained = IntentClassifier(encoder).fit(["ice", "cold", "bye", "see you"], ["cold", "cold", "goodbye", "goodbye"])
    assert trained.predict(["an ice pack"])[0].label == "cold"


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (["ice", "bye"], ["cold"], "2 texts but 1 labels"),
        (["ice", "cold"], ["cold", "cold"], "at least two labels"),
        ([], [], "at least two labels"),
    ],
)
def test_what_cannot_be_learnt_is_refused(
    encoder: SentenceEncoder, texts: list[str], labels: list[str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        IntentClassifier(encoder).fit(texts, labels)


def test_a_reader_runs_the_encoder_once_for_a_message_and_its_parts(
    classifier: IntentClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, runs = classifier.encoder, []
    embed_text = encoder.embed_text
    monkeypatch.setattr(encoder, "embed_text", lambda text: runs.append(text) or embed_text(text))
    reader = MessageReader(classifier, "Ice pack? Bye. See you.")
    predictions = reader.predict(["bye.", "see you.", "Ice pack? Bye. See you.", "Bye."])
    assert runs == ["ice pack? bye. see you."]
    assert predictions[0] == predictions[3]
    reader.predict(["not in it"])
    assert reader.predict_apart(["not in it"]) == classifier.predict(["not in it"])
    assert runs[1:] == ["not in it"] * 2  # the second for `classifier.predict`


def test_a_part_apart_is_read_as_if_there_were_no_other(classifier: IntentClassifier) -> None:
    reader = MessageReader(classifier, "an ice pack on my back, bye")
    assert reader.predict_apart(["bye"]) == classifier.predict(["bye"])
    assert reader.predict(["bye"]) != classifier.predict(["bye"])
