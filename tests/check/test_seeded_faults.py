"""Each check is shown the fault that it must catch, in a project that is clean otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.check import CHECKS, Check, answers, care, examples, faults, files, readability, rules, texts
from bot.check.project import CONCEPTS, PATTERNS, Project, load
from bot.content.model import CareText
from tests.check.seeds import Seed, added, both, concepts, data, domain, domain_without, entry, patterns, removed

SPASMS = "bot/content/answers/spasms.yml"
NEW = "data/nlu/conversation/new.yml"


def nlu(intent: str, *lines: str) -> str:
    block = "".join(f"    {line}\n" for line in lines)
    return f"nlu:\n- intent: {intent}\n  examples: |\n{block}"


def rule(intent: str, action: str, name: str = "Seeded") -> str:
    return f"rules:\n- rule: {name}\n  steps:\n  - intent: {intent}\n  - action: {action}\n"


def fact(project: Project, quote: str) -> Project:
    """Let one answer quote words that the document may not have."""
    facts = [project.content.answers["ice_and_heat"].facts[0].copy(update={"document": quote})]
    return entry("answers", "ice_and_heat", facts=facts)(project)


def without_card(project: Project) -> Project:
    """Lose the examples of one intent."""
    kept = {file: held for file, held in project.data.items() if "cauda_equina" not in file}
    return replace(project, data=kept)


SEEDED: list[tuple[str, Check, Seed, list[str]]] = [
    (
        "an answer of the catalogue is gone",
        answers.missing_from_catalogue,
        removed("answers", "chiropractic"),
        ["bot/content/answers: chiropractic: the catalogue lists this id; write its entry"],
    ),
    (
        "a conversation text is gone",
        answers.missing_from_catalogue,
        removed("talk", "distress"),
        ["bot/content/talk.yml: distress: the catalogue lists this id; write its entry"],
    ),
    (
        "a fact quotes what the document does not say",
        answers.quotes_not_in_document,
        lambda project: fact(project, "Ice will cure inflammation"),
        [f"{SPASMS}: ice_and_heat: not in the document: “Ice will cure inflammation”; quote it word for word"],
    ),
    (
        "a source that the document does not give",
        answers.links_not_in_document,
        entry("sources", "obesity", url="https://www.nhs.uk/conditions/obesity/causes/"),
        [
            "bot/content/sources.yml: obesity: the document does not give "
            "https://www.nhs.uk/conditions/obesity/causes/; use one of its links"
        ],
    ),
    (
        "a link of the other section",
        answers.links_not_in_document,
        entry("answers", "ice_and_heat", link="obesity"),
        [f"{SPASMS}: ice_and_heat: its section is spasms, but its link obesity belongs to weight; correct one of them"],
    ),
    (
        "a follow-up to nowhere",
        answers.dead_references,
        entry("answers", "ice_and_heat", follow_ups=["cryotherapy"]),
        [f"{SPASMS}: ice_and_heat: follow_ups: there is no cryotherapy; correct it or write that entry"],
    ),
    (
        "a follow-up to itself",
        answers.dead_references,
        entry("answers", "ice_and_heat", follow_ups=["ice_and_heat"]),
        [f"{SPASMS}: ice_and_heat: follow_ups: it leads to itself; name another answer"],
    ),
    (
        "a note that is not there",
        answers.dead_references,
        entry("answers", "ice_and_heat", notes=["folklore"]),
        [f"{SPASMS}: ice_and_heat: notes: there is no folklore; correct it or write that entry"],
    ),
    (
        "a link that is not there",
        answers.dead_references,
        entry("answers", "ice_and_heat", link="wikipedia"),
        [f"{SPASMS}: ice_and_heat: link: there is no wikipedia; correct it or write that entry"],
    ),
    (
        "a safety line that is not there",
        answers.dead_references,
        entry("answers", "ice_and_heat", safety="helmet"),
        [f"{SPASMS}: ice_and_heat: safety: there is no helmet; correct it or write that entry"],
    ),
    (
        "a nearest answer that is not there",
        answers.dead_references,
        entry("not_in_document", "dose", nearest=["pain_killers"]),
        ["bot/content/not_in_document.yml: dose: nearest: there is no pain_killers; correct it or write that entry"],
    ),
    (
        "a sample question that is not there",
        answers.dead_references,
        entry("talk", "greet", buttons=["football"]),
        ["bot/content/talk.yml: greet: buttons: there is no football; correct it or write that entry"],
    ),
    (
        "a note that nothing shows",
        answers.unused_entries,
        lambda project: added("notes", "spare", project.content.notes["spot_toning"])(project),
        ["bot/content/notes.yml: spare: no answer uses it; name it in one, or delete it"],
    ),
    (
        "two topics with one title",
        answers.shared_titles,
        entry("not_in_document", "dose", title="Ice and Heat"),
        ["bot/content/not_in_document.yml: dose: ice_and_heat has the title “Ice and Heat” too; give it another"],
    ),
    (
        "a card of the catalogue is gone",
        answers.missing_from_catalogue,
        removed("care", "child"),
        ["bot/content/care: child: the catalogue lists this id; write its entry"],
    ),
    (
        "a card holds a group that is not there",
        answers.dead_references,
        entry("care", "child", holds=["juggling"]),
        ["bot/content/care/child.yml: child: holds: there is no juggling; correct it or write that entry"],
    ),
    (
        "a group holds an answer that is not there",
        answers.dead_references,
        added("holds", "weight", ["slimming"]),
        ["bot/content/holds.yml: weight: answers: there is no slimming; correct it or write that entry"],
    ),
    (
        "a card has fallen below its level",
        care.changed_levels,
        entry("care", "cauda_equina", level="urgent"),
        [
            "bot/content/care/cauda_equina.yml: cauda_equina: its level is urgent, in the catalogue emergency; "
            "correct one of them"
        ],
    ),
    (
        "an emergency card asks nothing",
        care.missing_questions,
        entry("care", "overdose", asks=None),
        ["bot/content/care/overdose.yml: overdose: asks: a card of level emergency asks; write its question"],
    ),
    (
        "a card that cannot be shown as information",
        care.missing_questions,
        entry("care", "child", hypothetical=None),
        ["bot/content/care/child.yml: child: hypothetical: it is missing; write it"],
    ),
    (
        "a crisis shown as mere information",
        care.missing_questions,
        lambda project: entry("care", "suicide_risk", hypothetical=project.content.care["child"].hypothetical)(project),
        ["bot/content/care/suicide_risk.yml: suicide_risk: hypothetical: it is never shown as information; remove it"],
    ),
    (
        "examples of a sign that no card has",
        care.unknown_signs,
        data(NEW, nlu("child", "- my lad is nine").replace("  examples", "  metadata: {sign: nine}\n  examples")),
        [f"{NEW}: child/nine: there is no such sign; correct it or add it to the card"],
    ),
    (
        "a pattern of a card that is not there",
        care.unknown_signs,
        patterns(scurvy={"gums": [["bleeding"]]}),
        [f"{PATTERNS}: scurvy/gums: there is no such sign; correct it or add it to the card"],
    ),
    (
        "a sign that nothing raises",
        care.signs_that_nothing_raises,
        lambda project: entry(
            "care", "child", signs={**project.content.care["child"].signs, "hiccups": project.content.care["child"]}
        )(project),
        ["bot/content/care/child.yml: hiccups: fewer than 10 examples and no pattern; write either"],
    ),
    (
        "a pattern of a concept that is not there",
        care.unknown_concepts,
        patterns(child={"under_16": [{"all": ["kid", "hiccup"], "unless": ["hiccough"]}]}),
        [
            f"{PATTERNS}: child/under_16: there is no concept {concept}; correct it or add it to {CONCEPTS}"
            for concept in ("hiccup", "hiccough")
        ],
    ),
    (
        "a concept that takes in one that is not there",
        care.unknown_concepts,
        concepts(hiccup=["hic", "<hiccough>"]),
        [f"{CONCEPTS}: hiccup: there is no concept hiccough; correct it or add it to {CONCEPTS}"],
    ),
    (
        "a phone number that is not there",
        care.missing_numbers,
        lambda project: replace(
            project,
            content=project.content.copy(
                update={"contacts": project.content.contacts.copy(update={"words": {"emergency_number": None}})}
            ),
        ),
        [
            "bot/content/contacts: emergency_number: has no value, but its region is on; "
            "look it up or switch the region off"
        ],
    ),
    (
        "a card that is too long",
        texts.too_long,
        entry(
            "care",
            "child",
            heading="Call.",
            body="Now.",
            on_the_phone="Talk.",
            do_not="Run. " * 90,
            third_person=CareText(do_not="Run."),
            signs={},
        ),
        ["bot/content/care/child.yml: child: card: 93 words, at most 90; shorten it"],
    ),
    (
        "words that put someone in danger",
        texts.forbidden_words,
        entry("care", "danger_at_home", on_the_phone="Leave today.", third_person=CareText(on_the_phone="-"), signs={}),
        [
            "bot/content/care/danger_at_home.yml: danger_at_home: card: “Leave”: it may put them in danger; "
            "say it in other words"
        ],
    ),
    (
        "a text that is too long",
        texts.too_long,
        entry("answers", "ice_and_heat", short="Ice helps. " * 31),
        [f"{SPASMS}: ice_and_heat: short: 62 words, at most 60; shorten it"],
    ),
    (
        "words that mislead",
        texts.forbidden_words,
        entry("talk", "greet", text="Don't worry, the NHS says that it is probably fine."),
        [
            "bot/content/talk.yml: greet: text: “the NHS says”: the document says it, not the NHS; "
            "say it in other words",
            "bot/content/talk.yml: greet: text: “probably”: it promises what nobody here can know; "
            "say it in other words",
            "bot/content/talk.yml: greet: text: “Don't worry”: it plays a worry down; say it in other words",
        ],
    ),
    (
        "an entry that is hard to read",
        readability.hard_to_read,
        entry(
            "talk",
            "goodbye",
            text="Notwithstanding considerable interindividual variability, musculoskeletal deconditioning "
            "necessitates multidisciplinary rehabilitation.",
        ),
        ["bot/content/talk.yml: goodbye: grade 45.6, at most 8; use shorter sentences and words"],
    ),
    (
        "a test below data/",
        files.not_training_data,
        data("data/stories/test_greeting.yml", "stories: []"),
        ["data/stories/test_greeting.yml: (file): Rasa would train on this test; move it to tests/stories"],
    ),
    (
        "a domain file below data/",
        files.not_training_data,
        data("data/domain.yml", "intents: [greet]"),
        ["data/domain.yml: intents: belongs to the domain, which Rasa would read twice; move it to domain.yml"],
    ),
    (
        "a misspelt key",
        files.unknown_keys,
        data("data/rules/new.yml", "rule: []"),
        ["data/rules/new.yml: rule: Rasa passes over this key; it knows nlu, responses, rules, stories, version"],
    ),
    (
        "an example with a slash",
        examples.not_an_example,
        data(NEW, nlu("greet", "- /restart")),
        [f"{NEW}: /restart: Rasa takes a leading slash for an intent; remove it"],
    ),
    (
        "a line that is no example",
        examples.not_an_example,
        data(NEW, nlu("greet", "- good day to all", "forgotten mark")),
        [f"{NEW}: forgotten mark: not an example; write “- ” and a message"],
    ),
    (
        "one text in two intents",
        examples.in_two_intents,
        data(NEW, nlu("goodbye", "- Frozen peas, or wheat bag?")),
        [
            f"{NEW}: frozen peas or wheat bag: an example of goodbye, but of ice_and_heat too "
            "(data/nlu/topics/ice_and_heat.yml); keep one"
        ],
    ),
    (
        "an intent that the domain does not know",
        examples.unknown_intents,
        data(NEW, nlu("juggling", "- how do I juggle")),
        [f"{NEW}: juggling: not an intent of domain.yml; add it there or correct it"],
    ),
    (
        "an intent without examples",
        examples.intents_without_examples,
        domain(intents=["juggling"]),
        ["domain.yml: juggling: this intent has no examples; write some in data/nlu or remove it"],
    ),
    (
        "examples of an abstention",
        examples.intents_without_examples,
        data(NEW, nlu("unsure", "- hmm hmm")),
        ["domain.yml: unsure: the classifier abstains with this intent; its examples belong to another"],
    ),
    (
        "a topic with too few examples",
        examples.topics_without_examples,
        data("data/nlu/topics/chiropractic.yml", nlu("chiropractic", "- a chiropractor then")),
        [
            "data/nlu/topics/chiropractic.yml: chiropractic: 1 examples, at least 40; write more in this file",
        ],
    ),
    (
        "a kind of question without examples",
        examples.topics_without_examples,
        lambda project: added("not_in_document", "tattoos", project.content.not_in_document["dose"])(project),
        [
            "data/nlu/not_in_document/tattoos.yml: tattoos: 0 examples, at least 40; write more in this file",
            "domain.yml: tattoos: not among the intents; add it",
        ],
    ),
    (
        "a warning sign without examples",
        examples.topics_without_examples,
        without_card,
        ["data/nlu/care/cauda_equina.yml: cauda_equina: 0 examples, at least 40; write more in this file"],
    ),
    (
        "a conversation id that the domain has lost",
        examples.topics_without_examples,
        domain_without("intents", "greet"),
        ["domain.yml: greet: not among the intents; add it"],
    ),
    (
        "a rule with an unknown intent",
        rules.unknown_steps,
        data("data/rules/new.yml", rule("juggling", "action_talk")),
        ["data/rules/new.yml: Seeded: there is no intent juggling; add it to domain.yml or correct it"],
    ),
    (
        "a rule with an unknown action",
        rules.unknown_steps,
        data("data/rules/new.yml", rule("greet", "utter_hello")),
        ["data/rules/new.yml: Seeded: there is no action utter_hello; add it to domain.yml or correct it"],
    ),
    (
        "a story with an unknown intent in one branch",
        rules.unknown_steps,
        data(
            "data/stories/new.yml",
            "stories:\n- story: Seeded\n  steps:\n  - or:\n    - intent: greet\n    - intent: juggling\n"
            "  - action: action_talk\n",
        ),
        ["data/stories/new.yml: Seeded: there is no intent juggling; add it to domain.yml or correct it"],
    ),
    (
        "an intent that nothing answers",
        rules.intents_without_rule,
        domain(intents=["juggling"]),
        ["domain.yml: juggling: no rule or story answers this intent; add one in data/rules"],
    ),
    (
        "an intent that has no words",
        rules.intents_without_words,
        data("data/rules/new.yml", rule("bare_statement", "action_talk")),
        ["data/rules/new.yml: Seeded: bare_statement has no text; write it in bot/content/talk.yml"],
    ),
    (
        "two rules that contradict each other",
        rules.contradictions,
        data("data/rules/zz_new.yml", rule("greet", "action_ask_back")),
        [
            "data/rules/zz_new.yml: Seeded: goes on with action_ask_back where "
            "“Reply to what belongs to the conversation” goes on with action_talk; keep one"
        ],
    ),
    (
        "an action without a module",
        rules.actions_without_module,
        domain(actions=["action_juggle"]),
        ["domain.yml: action_juggle: no module in actions/ has an action of this name; write it or remove it"],
    ),
    (
        "a module whose action the domain does not know",
        rules.modules_without_action,
        domain_without("actions", "action_talk"),
        ["actions/talk.py: action_talk: not among the actions of domain.yml; add it there"],
    ),
    (
        "a response that nothing uses",
        rules.orphan_responses,
        data("data/responses.yml", "responses:\n  utter_hello:\n  - text: Hello\n"),
        ["data/responses.yml: utter_hello: nothing uses this response; use it in a rule or delete it"],
    ),
    (
        "a response's button to an unknown intent",
        rules.dead_buttons,
        domain(
            responses={"utter_hello": [{"text": "Hello", "buttons": [{"title": "Go", "payload": '/juggle{"n": 3}'}]}]}
        ),
        ['domain.yml: utter_hello: its button sends /juggle{"n": 3}, but there is no such intent'],
    ),
    (
        "an action's button to an unknown intent",
        rules.dead_buttons,
        domain_without("intents", "something_else"),
        [
            "bot/channels/payloads.py: something_else: a button sends this, but domain.yml has no such intent; "
            "correct it"
        ],
    ),
]


@pytest.fixture(scope="module")
def project() -> Project:
    return load()


def test_the_project_is_clean(project: Project) -> None:
    assert [str(fault) for fault in faults(project)] == []


@pytest.mark.parametrize(("check", "seed", "expected"), [case[1:] for case in SEEDED], ids=[case[0] for case in SEEDED])
def test_a_seeded_fault_is_caught(project: Project, check: Check, seed: Seed, expected: list[str]) -> None:
    assert [str(fault) for fault in check(seed(project))] == expected


def test_no_check_is_without_its_fault() -> None:
    assert {case[1] for case in SEEDED} == set(CHECKS)


HELLO = domain(responses={"utter_hello": [{"text": "Hello"}]})
NAME_FORM = domain(forms={"name_form": {"required_slots": ["name"]}})


@pytest.mark.parametrize(
    "used",
    [
        both(HELLO, data("data/rules/new.yml", rule("greet", "utter_hello"))),
        both(NAME_FORM, domain(responses={"utter_ask_name": []})),
        both(NAME_FORM, domain(responses={"utter_ask_name_form_name": []})),
    ],
    ids=["by a rule", "by a form", "by a form, in its longer name"],
)
def test_a_response_that_is_used_is_no_orphan(project: Project, used: Seed) -> None:
    assert rules.orphan_responses(used(project)) == []


def test_rules_with_other_conditions_do_not_contradict(project: Project) -> None:
    guarded = rule("greet", "action_ask_back").replace("  steps", "  conversation_start: true\n  steps")
    assert rules.contradictions(data("data/rules/zz_new.yml", guarded)(project)) == []


def test_the_average_is_measured_too(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readability, "grader", lambda: lambda _: 7.0)
    assert [str(fault) for fault in readability.hard_to_read(project)] == [
        "bot/content: all entries: average grade 7.0, at most 6; make the hardest entries simpler"
    ]
