"""Mock worlds of drafted scenarios: calls in another order, written differently, or never recorded.

    python -m benchmarks.worlds FILE… [--seed 1]

A file has one captured conversation per line (see ``benchmarks/drafts.py``). Each is drafted, and
its calls are sent to the mock world again. An earlier rule ("by order") is measured beside the
current one: a tool with one answer gave it to any arguments, and another one answered arguments
that were not recorded with its next unused call. Calls with equal arguments and different answers
(a state that changed) cannot be told apart in another order: they are counted apart.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.drafts import read
from shared.core.json import dumps, fingerprint
from shared.scenarios.redaction.redactor import Redactor, Unread
from shared.scenarios.redaction.wiring import classifier
from shared.scenarios.worlds.mock_world import build_mock_world
from shared.sessions.recorded_worlds.answers import NO_RECORDED_ANSWER, find_answer
from shared.sessions.recorded_worlds.world import World, parse_world
from shared.sessions.transcript import Transcript

type Arguments = dict[str, Any]
type Answer = tuple[Any, Any]
#: Answer of a world to a call, and the index of the recorded call.
type Rule = Callable[[World, str, Arguments, list[int]], tuple[Answer, int | None]]
type Alteration = Callable[[Arguments, random.Random], Arguments]
#: Changes one value of an argument; returns it unchanged where it does not apply.
type Change = Callable[[Any, random.Random], Any]


@dataclass(frozen=True)
class Call:
    """Recorded call and its answer, pseudonymized."""

    tool: str
    arguments: Arguments
    answer: Answer

    @property
    def key(self) -> str:
        """Letters and digits of the call, by a rule that shares nothing with the replay's."""
        return self.tool + "".join(filter(str.isalnum, dumps(_sorted(self.arguments)).lower()))


@dataclass(frozen=True)
class Recording:
    """World of one conversation and the calls that it was drafted from."""

    world: World
    calls: list[Call]


def main() -> None:
    """Measure all files and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worlds")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    every: list[Recording] = []
    for path in options.files:
        recordings = [record(found.transcript()) for found in read(path)]
        every += recordings
        right, total = map(sum, zip(*map(replayed, recordings), strict=True))
        print(f"{path.name}: {right} of {total} calls answered as recorded, in their order")
    _print_altered(every, options.seed)
    _print_unrecorded(every, options.seed)


def record(transcript: Transcript) -> Recording:
    """Draft the mock world of a conversation."""
    redactor = Redactor.of(transcript, classifier())
    world = parse_world(build_mock_world(transcript, redactor.pseudonymize).tools)
    calls = []
    for called, answered in transcript.calls():
        if answered is None or not isinstance(called.arguments, dict):
            continue
        try:
            arguments, output, error = (
                redactor.pseudonymize(value, called.tool)
                for value in (called.arguments, answered.output, answered.error)
            )
        except Unread:
            continue
        calls.append(Call(called.tool, arguments, (output, error)))
    return Recording(world, calls)


def replayed(recording: Recording) -> tuple[int, int]:
    """Return the number of calls that are answered as recorded in their order, and of all."""
    results = send(recording, by_arguments, [(call, call.arguments) for call in recording.calls])
    return sum(answer == call.answer for call, answer in results), len(recording.calls)


def send(
    recording: Recording, rule: Rule, calls: Iterable[tuple[Call, Arguments]]
) -> Iterator[tuple[Call, Answer]]:
    """Send calls to a world, as in a session; yield each recorded call with the answer."""
    used: dict[str, list[int]] = {}
    for call, arguments in calls:
        own = used.setdefault(call.tool, [])
        answer, index = rule(recording.world, call.tool, arguments, own)
        if index is not None:
            own.append(index)
        yield call, answer


# ---------------------------------------------------------------------------------- rules
def by_arguments(
    world: World, tool: str, arguments: Arguments, used: list[int]
) -> tuple[Answer, int | None]:
    """Answer by today's rule."""
    found = find_answer(world, tool, arguments, used)
    return _answer_of(found.answer), found.index


def by_order(
    world: World, tool: str, arguments: Arguments, used: list[int]
) -> tuple[Answer, int | None]:
    """Answer by the earlier rule."""
    calls = [world[tool] | call for call in world[tool]["calls"]]
    if len({dumps(_answer_of(call)) for call in calls}) == 1:
        return _answer_of(calls[0]), None
    digest = fingerprint(arguments)
    same = [n for n, call in enumerate(calls) if fingerprint(call["arguments"]) == digest]
    candidates = same or range(len(calls))
    index = next((n for n in candidates if n not in used), candidates[-1])
    return _answer_of(calls[index]), index


def _answer_of(entry: Mapping[str, Any]) -> Answer:
    return entry.get("output"), entry.get("error")


# ----------------------------------------------------------------------------- alterations
def _case(value: Any, _: random.Random) -> Any:
    if not isinstance(value, str):
        return value
    return value.upper() if value != value.upper() else value.lower()


def _space(value: Any, _: random.Random) -> Any:
    return f"  {value.replace(' ', '   ')} " if isinstance(value, str) else value


def _punctuation(value: Any, rng: random.Random) -> Any:
    if not isinstance(value, str) or not value:
        return value
    ways = [value + ".", f'"{value}"', value + ","]
    if any(map(str.isalpha, value)) and "@" not in value:
        ways += [value.replace("_", "-"), value.replace("-", " "), value.replace(" ", "-")]
    return rng.choice([way for way in ways if way != value])


def _type(value: Any, _: random.Random) -> Any:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str) and value.isdecimal() and not value.startswith("0"):
        return int(value)
    return {"true": True, "false": False}.get(value.lower(), value) if _is_text(value) else value


def _date(value: Any, rng: random.Random) -> Any:
    if (day := _day(value)) is None:
        return value
    number, month = str(day.day), day.strftime("%B")
    return rng.choice(
        [
            f"{number} {month} {day.year}",
            f"{month} {number}, {day.year}",
            f"{month[:3]} {number} {day.year}",
            day.strftime("%d.%m.%Y"),
            day.strftime("%m/%d/%Y"),
            day.strftime("%Y/%m/%d"),
            f"{value}T00:00:00",
        ]
    )


def _each(change: Change) -> Alteration:
    """Return the alteration that changes every value of the arguments."""

    def change_in(value: Any, rng: random.Random) -> Any:
        if isinstance(value, dict):
            return {name: change_in(inner, rng) for name, inner in value.items()}
        if isinstance(value, list):
            return [change_in(inner, rng) for inner in value]
        return change(value, rng)

    return change_in


def _reversed(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict):
        return {name: _reversed(value[name], rng) for name in reversed(value)}
    return [_reversed(inner, rng) for inner in value] if isinstance(value, list) else value


def _extra(arguments: Arguments, rng: random.Random) -> Arguments:
    return arguments | rng.choice([{"verbose": True}, {"dry_run": False}, {"include_all": True}])


def _extra_text(arguments: Arguments, rng: random.Random) -> Arguments:
    return arguments | rng.choice([{"locale": "en"}, {"trace_note": "x"}, {"page_limit": 20}])


def _all(arguments: Arguments, rng: random.Random) -> Arguments:
    for alter in list(ALTERATIONS.values())[:-1]:
        arguments = alter(arguments, rng)
    return arguments


NONE = "nothing"
ALTERATIONS: dict[str, Alteration] = {
    NONE: lambda arguments, _: arguments,
    "upper or lower case": _each(_case),
    "spaces": _each(_space),
    "punctuation": _each(_punctuation),
    "number or text": _each(_type),
    "form of a date": _each(_date),
    "order of keys": _reversed,
    "additional switch": _extra,
    "additional text or number": _extra_text,
    "all of these": _all,
}


# -------------------------------------------------------------------------- never recorded
def _other_character(value: Any, rng: random.Random) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return value
    text = str(value)
    places = [n for n, character in enumerate(text) if character.isascii() and character.isalnum()]
    if not places or (isinstance(value, int) and value < 0):
        return value
    place = rng.choice(places)
    others = "23456789" if text[place].isdigit() else "bcdfghjkmnpqrstvwxz"
    other = rng.choice([one for one in others if one != text[place].lower()])
    changed = text[:place] + other + text[place + 1 :]
    return int(changed) if isinstance(value, int) else changed


def _other_day(value: Any, rng: random.Random) -> Any:
    day = _day(value)
    return value if day is None else str(day + timedelta(days=rng.randint(1, 300)))


def _one(change: Change) -> Alteration:
    """Return the alteration that changes one value at the top of the arguments."""

    def alter(arguments: Arguments, rng: random.Random) -> Arguments:
        changed = {name: change(value, rng) for name, value in arguments.items()}
        names = [name for name, value in changed.items() if value != arguments[name]]
        if not names:
            return arguments
        name = rng.choice(names)
        return arguments | {name: changed[name]}

    return alter


UNRECORDED: dict[str, Alteration] = {
    "one character of an argument changed": _one(_other_character),
    "another day": _one(_other_day),
    "NOT-THERE for an argument": _one(lambda value, _: "NOT-THERE" if _is_text(value) else value),
    "999999 for an argument": _one(lambda value, _: 999_999 if _is_text(value) else value),
}


# ---------------------------------------------------------------------------------- tables
def _print_altered(recordings: list[Recording], seed: int) -> None:
    print("\n| shuffled, every argument altered | calls | right | another call's | error |", end="")
    print(" by order: right | another call's |\n|---|---|---|---|---|---|---|")
    states = _Tally()
    for name, alter in ALTERATIONS.items():
        new, old = _Tally(), _Tally()
        for number, recording in enumerate(recordings):
            rng = random.Random(f"{seed} {number} {name}")
            sent = [
                (call, altered)
                for call in rng.sample(recording.calls, len(recording.calls))
                if dumps(altered := alter(call.arguments, rng)) != dumps(call.arguments)
                or name == NONE
            ]
            changing = _with_state(recording)
            for rule, tally in ((by_arguments, new), (by_order, old)):
                for call, answer in send(recording, rule, sent):
                    if call.key not in changing:
                        tally.add(call.answer, answer)
                    elif rule is by_arguments:
                        states.add_any(changing[call.key], answer)
        print(f"| {name} | {new.total()} | {new.share('right')} | {new.share('another')} |", end="")
        print(f" {new.share('error')} | {old.share('right')} | {old.share('another')} |")
    print(
        f"\nOf {states.total()} calls whose state changed: {states.share('right')} get an answer to"
        f" equal arguments, {states.share('another')} another call's, {states.share('error')} none."
    )


def _print_unrecorded(recordings: list[Recording], seed: int) -> None:
    print(
        "\n| never recorded | calls | error | answered | by order: answered |"
        "\n|---|---|---|---|---|"
    )
    for name, alter in UNRECORDED.items():
        new, old = _Tally(), _Tally()
        for number, recording in enumerate(recordings):
            rng = random.Random(f"{seed} {number} {name}")
            keys = {call.key for call in recording.calls}
            sent = [
                (call, arguments)
                for call in rng.sample(recording.calls, len(recording.calls))
                if (arguments := alter(call.arguments, rng)) != call.arguments
                and Call(call.tool, arguments, call.answer).key not in keys
            ]
            for rule, tally in ((by_arguments, new), (by_order, old)):
                for _, answer in send(recording, rule, sent):
                    tally.add(("no answer is right",) * 2, answer)
        print(f"| {name} | {new.total()} | {new.share('error')} | {new.share('another')} |", end="")
        print(f" {old.share('another')} |")


class _Tally(Counter[str]):
    """Outcomes of calls."""

    def add(self, right: Answer, answer: Answer) -> None:
        self.add_any([right], answer)

    def add_any(self, right: list[Answer], answer: Answer) -> None:
        if answer in right:
            self["right"] += 1
        else:
            self["error" if str(answer[1]).startswith(NO_RECORDED_ANSWER) else "another"] += 1

    def share(self, outcome: str) -> str:
        return f"{self[outcome]} ({self[outcome] / max(self.total(), 1):.1%})"


def _with_state(recording: Recording) -> dict[str, list[Answer]]:
    """Return the answers to equal arguments, where they differ, by the key of the call."""
    answers: dict[str, list[Answer]] = {}
    for call in recording.calls:
        answers.setdefault(call.key, []).append(call.answer)
    return {key: own for key, own in answers.items() if any(one != own[0] for one in own)}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(inner) for inner in value] if isinstance(value, list) else value


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


if __name__ == "__main__":
    main()
