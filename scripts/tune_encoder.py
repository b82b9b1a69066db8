"""Fine-tune the sentence encoder on the training examples (cross-entropy over a cosine head).

Runs in the environment of `requirements/encoder.txt`, never at run time::

    python scripts/tune_encoder.py --weights FOLDER --out FOLDER [--epochs 3] [--leave-out HAND]

The word embeddings stay as they are, so that words outside our examples keep their places, and the result is mixed
with the original weights (`--mix`): the mean of the two keeps what the original knew about other subjects. Then
`scripts/export_encoder.py` quantises it. What was run and what it brought stands in docs/understanding.md.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import sys
import time
from pathlib import Path

import torch
import yaml
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy, normalize
from transformers import BertModel

DATA = Path(__file__).parent.parent / "data" / "nlu"
SCALE = 20.0
MAX_TOKENS = 96


def read_examples(leave_out: str | None) -> list[tuple[str, str]]:
    """(text, label) of all examples; a card's examples are labelled by sign, since its signs share few words."""
    rows = []
    for path in sorted(DATA.rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            metadata = block.get("metadata", {})
            if leave_out and metadata.get("hand") == leave_out:
                continue
            label = block["intent"] + (f"/{metadata['sign']}" if "sign" in metadata else "")
            rows += [(line.removeprefix("- ").strip(), label) for line in block["examples"].splitlines()]
    return rows


def roughen(text: str, dice: random.Random) -> str:
    """As people type: now and then without punctuation or apostrophes, in one case, with a slip of the finger."""
    if dice.random() < 0.25:
        text = "".join(c for c in text if c not in ".,?!;:'’-")
    if dice.random() < 0.3 and len(text) > 12:
        at = dice.randrange(1, len(text) - 2)
        if text[at].isalpha() and text[at + 1].isalpha():
            kind = dice.randrange(3)
            text = {
                0: text[:at] + text[at + 1] + text[at] + text[at + 2 :],
                1: text[:at] + text[at + 1 :],
                2: text[:at] + text[at] + text[at:],
            }[kind]
    return text


def embed(model: BertModel, batch: list[list[int]]) -> torch.Tensor:
    """Mean-pooled embeddings of length one."""
    length = max(map(len, batch))
    ids = torch.tensor([row + [0] * (length - len(row)) for row in batch])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in batch])
    hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
    weights = mask.unsqueeze(-1).float()
    return normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)


def main() -> None:
    """Tune, mix and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--mix", type=float, default=0.75, help="share of the tuned weights")
    parser.add_argument("--leave-out", help="a hand whose examples are not used")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    dice = random.Random(options.seed)
    rows = read_examples(options.leave_out)
    labels = sorted({label for _, label in rows})
    column = {label: index for index, label in enumerate(labels)}
    digest = hashlib.sha256("\n".join(sorted("\t".join(row) for row in rows)).encode()).hexdigest()
    print(f"{len(rows)} examples, {len(labels)} labels, data {digest[:16]}", flush=True)

    tokenizer = Tokenizer.from_file(str(options.weights / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    model = BertModel.from_pretrained(options.weights, add_pooling_layer=False)
    original = {name: value.clone() for name, value in model.state_dict().items()}
    model.embeddings.requires_grad_(False)
    model.eval()
    with torch.no_grad():  # the head starts at the mean embedding of each label
        sums = torch.zeros(len(labels), model.config.hidden_size)
        by_length = sorted(rows, key=lambda row: len(row[0]))  # little padding
        for start in range(0, len(rows), 64):
            chunk = by_length[start : start + 64]
            vectors = embed(model, [tokenizer.encode(text).ids for text, _ in chunk])
            for vector, (_, label) in zip(vectors, chunk):
                sums[column[label]] += vector
    head = torch.nn.Parameter(normalize(sums, dim=1))
    model.train()
    parameters = [
        {"params": [p for p in model.parameters() if p.requires_grad], "lr": options.rate},
        {"params": [head], "lr": options.rate * 40},
    ]
    optimiser = torch.optim.AdamW(parameters, weight_decay=0.01)
    steps = options.epochs * -(-len(rows) // 32)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, step / (0.1 * steps)) * max(0.0, (steps - step) / steps)
    )
    started = time.monotonic()
    for epoch in range(options.epochs):
        dice.shuffle(rows)
        # near lengths together, in random order: less padding
        order = sorted(range(len(rows)), key=lambda index: len(rows[index][0]) + dice.random() * 30)
        batches = [order[start : start + 32] for start in range(0, len(order), 32)]
        dice.shuffle(batches)
        total = 0.0
        for number, batch in enumerate(batches):
            texts = [tokenizer.encode(roughen(rows[index][0], dice)).ids for index in batch]
            target = torch.tensor([column[rows[index][1]] for index in batch])
            logits = SCALE * embed(model, texts) @ normalize(head, dim=1).T
            loss = cross_entropy(logits, target, label_smoothing=0.05)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            total += loss.item()
            if number % 50 == 49:
                done = (epoch * len(batches) + number) / steps
                loss_so_far, seconds = total / (number + 1), time.monotonic() - started
                print(f"epoch {epoch + 1} loss {loss_so_far:.3f} {done:.0%} {seconds:.0f} s", flush=True)
    tuned = model.state_dict()
    mixed = {
        name: (options.mix * tuned[name] + (1 - options.mix) * value).contiguous()
        if value.is_floating_point()
        else value.contiguous()
        for name, value in original.items()
    }
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(mixed, options.out / "model.safetensors", metadata={"format": "pt"})
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(options.weights / name, options.out / name)


if __name__ == "__main__":
    sys.exit(main())
