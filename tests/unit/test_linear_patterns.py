"""Regular expressions: each takes time in proportion to the text that it reads.

A text of a caller may have a megabyte of any character, and `re` backtracks: ``\\w+@`` reads a run
of words again from each of its characters. The test reads runs of what a pattern repeats.
"""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import shared

#: Characters of a text; seconds in which it is read, a hundred times what most patterns need.
LENGTH = 20_000
SECONDS = 0.25
#: Of texts, beside the marks and words of a pattern.
COMMON = (*"xX1 \n_-.,:;@é中", "a-", "a.", "a ")
MAX_SEEDS = 50
#: Linear only where it begins at one place.
QUADRATIC = re.compile(r"[\w.+-]+@[\w-]+")
#: Characters of the texts that some modules and patterns read, at most.
BOUNDS = {
    "shared.llm.openai_refusals": 200,
    "shared.llm.scripted_tools": 1_000,
    "shared.scenarios.drafting.journey._HAND_OVER": 200,
    "shared.scenarios.drafting.naming._NUMBER": 4_000,
    "shared.scenarios.redaction.fields": 100,
    "shared.scenarios.redaction.names.people._SENTENCE_START": 24,
    "shared.scenarios.redaction.reader._SENTENCE_START": 3,
    "shared.sessions.recorded_worlds.arguments._GROUPED": 40,
    "shared.sessions.recorded_worlds.dates": 60,
}
_SCANS = r"(?:search|findall|finditer|subn?|split)"


@cache
def patterns() -> dict[str, tuple[re.Pattern[str], bool]]:
    """Return the patterns of all modules by their names, and whether they scan a text."""
    found: dict[str, tuple[re.Pattern[str], bool]] = {}
    for module in pkgutil.walk_packages(shared.__path__, "shared."):
        loaded = importlib.import_module(module.name)
        for name, value in list(vars(loaded).items()):
            for number, pattern in enumerate(_patterns_in(value)):
                found.setdefault(
                    f"{module.name}.{name}[{number}]", (pattern, _is_scanning(loaded, name, value))
                )
    return found


def _patterns_in(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, tuple | list | frozenset | set):
        for one in value:
            yield from _patterns_in(one)
    elif isinstance(value, dict):
        yield from _patterns_in(list(value.values()))


def _is_scanning(module: Any, name: str, value: Any) -> bool:
    source = Path(module.__file__).read_text(encoding="utf-8")
    receiver = rf"\b{name}" if isinstance(value, re.Pattern) else ""
    return re.search(rf"{receiver}\.{_SCANS}\b", source) is not None


def seeds(pattern: re.Pattern[str]) -> list[str]:
    """Return characters and words that a pattern may read many of; none without a repeat."""
    if not re.search(r"[*+]|,\}", pattern.pattern):
        return []
    marks = [one for one in pattern.pattern if not (one.isascii() and one.isalnum())]
    words = re.findall(r"[A-Za-z]{3,}", re.sub(r"\\.", " ", pattern.pattern))
    return list(dict.fromkeys([*COMMON, *marks, *words]))[:MAX_SEEDS]


def slow_text(pattern: re.Pattern[str], is_scanning: bool, length: int = LENGTH) -> str | None:
    """Return what a pattern reads slowly, or None."""
    for seed in seeds(pattern):
        for end in ("", "!\0"):
            text = (seed * length)[:length]
            start = _seconds(pattern, text[: length // 20] + end, is_scanning)
            if start > SECONDS / 1_000 and _seconds(pattern, text + end, is_scanning) > SECONDS:
                return f"{seed!r}, {length:,} characters"
    return None


def _seconds(pattern: re.Pattern[str], text: str, is_scanning: bool) -> float:
    start = time.process_time()
    if is_scanning:
        pattern.sub("", text)
    else:
        pattern.match(text)
        pattern.fullmatch(text)
    return time.process_time() - start


def test_quadratic_pattern_is_found() -> None:
    assert slow_text(QUADRATIC, is_scanning=True)
    assert not slow_text(QUADRATIC, is_scanning=False)


def test_each_pattern_reads_a_text_in_linear_time() -> None:
    slow = {
        name: text
        for name, (pattern, is_scanning) in patterns().items()
        if (text := slow_text(pattern, is_scanning, bound(name)))
    }
    assert not slow, "\n".join(f"{name}: {text}" for name, text in slow.items())


def bound(name: str) -> int:
    return next((length for prefix, length in BOUNDS.items() if name.startswith(prefix)), LENGTH)
