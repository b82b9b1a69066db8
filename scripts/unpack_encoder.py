"""Read the weights back from the shipped encoder, to go on tuning from them.

Runs in the environment of `requirements/encoder.txt`, never at run time::

    python scripts/unpack_encoder.py --out FOLDER

FOLDER gets `model.safetensors`, `config.json` and `tokenizer.json`. The weights are those that quantisation left: what
`scripts/export_encoder.py` makes of them is the shipped file again.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
from export_encoder import MAX_TOKENS, PARTS, Array
from onnx import helper, numpy_helper
from safetensors.numpy import save_file


def weights_of(model: onnx.ModelProto) -> dict[str, Array]:
    """The weights by BERT's own names, float32."""
    held = {constant.name: numpy_helper.to_array(constant) for constant in model.graph.initializer}
    found = {name: value for name, value in held.items() if "LayerNorm" in name}
    words = held["words"].astype(np.float32) - held["words.zero"].astype(np.float32)
    found["embeddings.word_embeddings.weight"] = words * held["words.scale"]
    found["embeddings.position_embeddings.weight"] = held["places"]
    found["embeddings.token_type_embeddings.weight"] = np.zeros((1, held["places"].shape[1]), np.float32)
    dense = [name.removesuffix(".scale") for name in held if name.startswith("encoder") and name.endswith(".scale")]
    for name in dense:
        weight = held[f"{name}.weight"].T.astype(np.float32) * held[f"{name}.scale"][:, None]
        if not name.endswith(".looks"):
            found[f"{name}.dense.weight"] = weight
            found[f"{name}.dense.bias"] = held.get(f"{name}.bias", held.get(f"{name}.dense.bias"))
            continue
        layer = name.removesuffix(".looks")
        for part, rows, bias in zip(PARTS, np.split(weight, 3), np.split(held[f"{name}.bias"], 3)):
            found[f"{layer}.attention.self.{part}.weight"] = rows
            found[f"{layer}.attention.self.{part}.bias"] = bias
    return {name: np.ascontiguousarray(value) for name, value in found.items()}


def unpack(encoder: Path, out: Path) -> None:
    """Write the weights of the encoder in the folder `encoder`, its settings and its tokenizer into `out`."""
    model = onnx.load(encoder / "model.onnx")
    attention = [node for node in model.graph.node if node.op_type == "MultiHeadAttention"]
    norm = next(node for node in model.graph.node if node.op_type == "SkipLayerNormalization")
    weights = weights_of(model)
    wide, size = weights["encoder.layer.0.intermediate.dense.weight"].shape
    settings = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": size,
        "intermediate_size": wide,
        "layer_norm_eps": round(_attribute(norm, "epsilon"), 15),
        "max_position_embeddings": MAX_TOKENS,
        "num_attention_heads": _attribute(attention[0], "num_heads"),
        "num_hidden_layers": len(attention),
        "type_vocab_size": 1,
        "vocab_size": len(weights["embeddings.word_embeddings.weight"]),
    }
    out.mkdir(parents=True, exist_ok=True)
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    (out / "config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    shutil.copy(encoder / "tokenizer.json", out / "tokenizer.json")


def _attribute(node: onnx.NodeProto, name: str) -> float | int:
    value: float | int = next(helper.get_attribute_value(one) for one in node.attribute if one.name == name)
    return value


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encoder", type=Path, default=Path("bot/language/encoder"))
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    unpack(arguments.encoder, arguments.out)
