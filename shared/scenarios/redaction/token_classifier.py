"""Token classifier: labels names, addresses and numbers with the model Rampart, on one thread.

The model reads at most 512 tokens and is best with about 480 characters, so a text is read in
windows that overlap. See docs/decisions/0025-classifier-of-personal-data.md.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from shared.scenarios.redaction.classifier import ClassifierUnavailable, Entity

#: Probability of being any name from which a token is part of one, even if "no entity" is likelier.
NAME_THRESHOLD = 0.4

_WINDOW = 480
_OVERLAP = 64
_MAX_TOKENS = 512
#: Windows whose words are cached: at most 8 MB.
_MAX_CACHED = 4_096
_OUTSIDE = "O"
_NAMES = frozenset({"GIVEN_NAME", "SURNAME"})
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Text between two parts of one entity.
_JOINT = re.compile(r"[^\S\n]*(?:[-‐‑'’][^\S\n]*)?")  # typographic apostrophe, hyphens
#: Scripts that write no spaces, or join particles to a name: a token is not extended to its word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f"
    "\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f]"
)


@dataclass(slots=True)
class _Word:
    """Tokens of one word, with the sum of their probabilities by label."""

    start: int
    end: int
    probabilities: Any
    tokens: int
    hit: bool


class TokenClassifier:
    """The model with its tokenizer; a ``Classifier``."""

    def __init__(self, session: Any, tokenizer: Any, labels: Sequence[str]) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._inputs = {one.name for one in session.get_inputs()}
        # Labels without their prefixes for the first and a further token: B-SURNAME, I-SURNAME.
        plain = [label.split("-", 1)[-1] for label in labels]
        self._labels = list(dict.fromkeys(plain))
        self._merge = np.array([[one == label for label in self._labels] for one in plain], float)
        self._outside = self._labels.index(_OUTSIDE)
        self._names = [i for i, label in enumerate(self._labels) if label in _NAMES]
        self._entities_of_window = lru_cache(_MAX_CACHED)(self._find)

    @classmethod
    def load(cls, folder: Path) -> "TokenClassifier":
        """Load the model.

        Raises ``ClassifierUnavailable`` if a file is missing or broken.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            labels = [config["id2label"][str(i)] for i in range(len(config["id2label"]))]
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            session = onnxruntime.InferenceSession(
                str(folder / "onnx" / "model_q4.onnx"), options, ["CPUExecutionProvider"]
            )
            tokenizer.no_truncation()
            tokenizer.no_padding()
            return cls(session, tokenizer, labels)
        # The libraries raise plain exceptions of their own, without a common class.
        except Exception as error:
            raise ClassifierUnavailable(
                f"The classifier of personal data cannot be loaded from {folder}: {error}"
            ) from error

    def __call__(self, texts: Sequence[str]) -> list[list[Entity]]:
        """Return the entities of each text, in order."""
        return [self._classify(_SURROGATE.sub("\ufffd", text)) for text in texts]

    def _classify(self, text: str) -> list[Entity]:
        found: list[Entity] = []
        windows = [*_windows(text), (len(text), len(text))]
        begin = 0
        for (start, end), (following, _) in pairwise(windows):
            # Of two windows, the one with more context around a word decides.
            middle = (following + end) // 2 if following < end else end
            moved = (_moved(one, start) for one in self._entities_of_window(text[start:end]))
            found += (one for one in moved if begin <= one.start < middle)
            begin = middle
        return _joined(text, found)

    def _find(self, window: str) -> tuple[Entity, ...]:
        """Return the labeled words of a window."""
        if not window.strip():
            return ()
        encoding = self._tokenizer.encode(window)
        if len(encoding.ids) > _MAX_TOKENS:  # Hangul has three tokens a character
            half = _cut(window, len(window) // 4, len(window) // 2)
            right = (_moved(one, half) for one in self._find(window[half:]))
            return (*self._find(window[:half]), *right)
        words = self._words(window, encoding)
        return tuple(self._entity(word) for word in words if word.hit)

    def _words(self, window: str, encoding: Any) -> list[_Word]:
        probabilities = self._run(encoding.ids)
        best = probabilities.argmax(-1)
        hits = (best != self._outside) | (probabilities[:, self._names].sum(-1) >= NAME_THRESHOLD)
        words: list[_Word] = []
        last = None
        for i, (word, (start, end)) in enumerate(
            zip(encoding.word_ids, encoding.offsets, strict=True)
        ):
            if word is None or start == end:
                continue
            unspaced = _UNSPACED.match(window, start)
            one_character = bool(words) and start < words[-1].end
            if (word == last and not unspaced) or one_character:
                known = words[-1]
                known.end = max(end, known.end)
                known.probabilities = known.probabilities + probabilities[i]
                known.tokens += 1
                known.hit |= bool(hits[i])
            else:
                words.append(_Word(start, end, probabilities[i], 1, bool(hits[i])))
            last = word
        return words

    def _run(self, ids: list[int]) -> Any:
        tokens = np.array([ids], np.int64)
        values = {
            "input_ids": tokens,
            "attention_mask": np.ones_like(tokens),
            "token_type_ids": np.zeros_like(tokens),
        }
        feed = {name: values[name] for name in self._inputs}
        logits = self._session.run(None, feed)[0][0].astype(float)
        exponents = np.exp(logits - logits.max(-1, keepdims=True))
        return (exponents / exponents.sum(-1, keepdims=True)) @ self._merge

    def _entity(self, word: _Word) -> Entity:
        mean = word.probabilities / word.tokens
        mean[self._outside] = 0
        best = int(mean.argmax())
        score = float(mean[self._names].sum() if best in self._names else mean[best])
        return Entity(word.start, word.end, self._labels[best], round(score, 4))


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of windows that cover a text, cut at white space where there is any."""
    start = 0
    while len(text) - start > _WINDOW:
        end = _cut(text, start + _WINDOW - _OVERLAP, start + _WINDOW)
        yield start, end
        start = _cut(text, end - _OVERLAP, end - _OVERLAP // 2)
    yield start, len(text)


def _cut(text: str, earliest: int, latest: int) -> int:
    """Return the end of the last white space between two positions; else the latter."""
    return next((i for i in range(latest, earliest, -1) if text[i - 1].isspace()), latest)


def _moved(one: Entity, by: int) -> Entity:
    return Entity(one.start + by, one.end + by, one.label, one.score)


def _joined(text: str, words: list[Entity]) -> list[Entity]:
    """Join neighboring words with one label."""
    found: list[Entity] = []
    count = 0
    for word in words:
        last = found[-1] if found else None
        if last and last.label == word.label and _JOINT.fullmatch(text, last.end, word.start):
            score = round((last.score * count + word.score) / (count + 1), 4)
            found[-1] = Entity(last.start, word.end, last.label, score)
            count += 1
        else:
            found.append(word)
            count = 1
    return found
