"""How near a text comes to another: by its words in order, and by its meaning."""

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
    """Return what part of the reference's words stand in the text, in the same order.

    ROUGE-L (Lin 2004): the longest common subsequence, divided by the reference's length.
    """
    said, wanted = _WORD.findall(text.lower()), _WORD.findall(reference.lower())
    row = [0] * (len(wanted) + 1)
    for word in said:
        before = row
        row = [0]
        for place, other in enumerate(wanted):
            row.append(before[place] + 1 if word == other else max(row[-1], before[place + 1]))
    return row[-1] / max(1, len(wanted))


def similarities(pairs: list[tuple[str, str]]) -> list[float]:
    """Return the cosine similarity of each pair, or nothing where the model cannot be had."""
    try:
        ensure(["drafts"])
    except Failure as failure:
        print(f"No similarity of meaning: {failure}", file=sys.stderr)
        return []
    done = subprocess.run(
        [interpreter("drafts"), Path(__file__).with_name("embedding.py")],
        input=json.dumps(pairs),
        stdout=subprocess.PIPE,
        # One text at a time is too little work to be shared among threads.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        text=True,
        check=True,
    )
    found: list[float] = json.loads(done.stdout)
    return found
