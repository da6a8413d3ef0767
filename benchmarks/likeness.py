"""Similarity of texts: by words in order, and by meaning."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from local.console import Failure
from local.environments import ensure, interpreter

_WORD = re.compile(r"[a-z0-9]+")


def rouge_l_recall(text: str, reference: str) -> float:
    """Return the share of the reference's words that the text contains in the same order.

    ROUGE-L (Lin 2004): the longest common subsequence, divided by the reference's length.
    """
    words, expected = _WORD.findall(text.lower()), _WORD.findall(reference.lower())
    row = [0] * (len(expected) + 1)
    for word in words:
        before = row
        row = [0]
        for index, other in enumerate(expected):
            row.append(before[index] + 1 if word == other else max(row[-1], before[index + 1]))
    return row[-1] / max(1, len(expected))


def similarities(pairs: list[tuple[str, str]]) -> list[float]:
    """Return the cosine similarity of each pair; none if the model cannot be installed."""
    try:
        ensure(["drafts"])
    except Failure as failure:
        print(f"No similarity of meaning: {failure}", file=sys.stderr)
        return []
    done = subprocess.run(
        [interpreter("drafts"), Path(__file__).with_name("embedding.py")],
        input=json.dumps(pairs),
        stdout=subprocess.PIPE,
        # Threads do not pay off for one text at a time.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        text=True,
        check=True,
    )
    found: list[float] = json.loads(done.stdout)
    return found
