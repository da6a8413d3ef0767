"""Conversations with planted values, written from a set of sentences."""

import itertools
import json
import random
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.personal_data.readable import Text, find
from benchmarks.personal_data.values import Kind, Source, Value
from shared.scenarios.redaction import pools
from shared.sessions.conversation_payloads import record_message
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import Transcript
from shared.sessions.transcript_recorder import TranscriptRecorder

#: Rules may be mended by the visible sets. The held-out one was read about by kind of failure.
VISIBLE = ("visible", "support")
#: Sets of sentences, the last ones written by somebody who knew neither the rules nor the others.
SETS = (*VISIBLE, "held-out", "unseen")
_WAYS = {
    "introduction": "introduction", "answer": "answer", "lower": "lower-case answer",
    "third": "third person", "signoff": "sign-off", "note": "tool text", "cc": "cc list",
}  # fmt: skip
_SLOT = re.compile(r"\{([A-Za-z][\w -]*)\}")
_KEPT = re.compile(r"\[(.+?)\]")
#: Words of a journey that are nobody's.
_JOURNEY = "the user opens says assistant asks calls it answers session is left open last word s"
_PHRASES_OF_A_CONVERSATION = 4
_TRIES = 30
#: Conversations of each script of machines.
_ROUNDS = 3


@dataclass(frozen=True)
class Planted:
    """Value in a conversation, and the way that it came in."""

    value: Value
    way: str


@dataclass
class Case:
    """Conversation, what may not be readable in its draft, and what must be."""

    set_name: str
    group: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)

    def transcript(self) -> Transcript:
        recorder = TranscriptRecorder()
        for message in self.messages:
            record_message(recorder, message)
        return Transcript(kind=SessionKind.AGENT, entries=tuple(recorder.entries))

    def texts(self) -> list[str]:
        """Return the texts of the messages, and of their tool calls."""
        found = []
        for message in self.messages:
            found.append(message.get("content") or "")
            found += [c["function"]["arguments"] for c in message.get("tool_calls", [])]
        return [text for text in found if text]


def read_cases(name: str) -> list[Case]:
    """Return the conversations of a set; the same ones at each call."""
    sentences = _read(name)
    return [
        *_conversations(name, sentences),
        *_of_machines(name, sentences),
        *_with_numbers(name, sentences),
        *_harmless(name, sentences),
    ]


def _read(name: str) -> dict[str, Any]:
    path = Path(__file__).with_name(f"{name.replace('-', '_')}.toml")
    return tomllib.loads(path.read_text())


def _conversations(name: str, sentences: dict[str, Any]) -> Iterator[Case]:
    forms = itertools.cycle(sentences["numbers"]["forms"])
    for locale, language in sentences["languages"].items():
        source = Source(locale, sentences["seed"])
        for script in sentences["scripts"]:
            writer = _Writer(Case(name, locale), source, language)
            writer.write(script["steps"], source.number(next(forms)))
            yield writer.case


def _of_machines(name: str, sentences: dict[str, Any]) -> Iterator[Case]:
    source = Source("en_US", sentences["seed"])
    for machine in sentences["machines"] * _ROUNDS:
        writer = _Writer(Case(name, "code"), source, {})
        writer.write(machine["steps"], "")
        yield writer.case


def _with_numbers(name: str, sentences: dict[str, Any]) -> Iterator[Case]:
    """Write conversations whose numbers of orders and the like are in sentences and fields."""
    numbers = sentences["numbers"]
    fields = itertools.cycle(numbers["fields"])
    for index, sentence in enumerate(numbers["sentences"]):
        locale, _, text = sentence.partition(": ")
        source = Source(locale, sentences["seed"] + index + 1)
        for first, second in itertools.pairwise(numbers["forms"]):
            said, found = source.number(first), source.number(second)
            case = Case(name, locale, numbers=[said, found])
            case.messages = [
                {"role": "user", "content": text.replace("{ORDER}", said)},
                *_call("look_up", {next(fields): said}, {next(fields): found}),
                {"role": "assistant", "content": _first(sentences["languages"][locale]["ok"])},
            ]
            yield case


def _harmless(name: str, sentences: dict[str, Any]) -> Iterator[Case]:
    for locale, phrases in sentences["harmless"].items():
        for part in itertools.batched(phrases, _PHRASES_OF_A_CONVERSATION):
            case = Case(name, locale)
            for phrase in part:
                case.phrases += _KEPT.findall(phrase)
                said = _KEPT.sub(r"\1", phrase)
                answer = _first(sentences["languages"][locale]["ok"])
                case.messages.append({"role": "user", "content": said})
                case.messages.append({"role": "assistant", "content": answer})
            yield case


class _Writer:
    """Writer of one conversation: fills the slots of its steps."""

    def __init__(self, case: Case, source: Source, language: dict[str, Any]) -> None:
        self.case = case
        self._source = source
        self._language = language
        self._owner: Value | None = None
        self._other: Value | None = None
        self._order = ""
        self._skeleton = ""

    def write(self, steps: list[str], order: str) -> None:
        """Write the messages of a script."""
        self._order = order
        if order:
            self.case.numbers.append(order)
        expanded = [self._choose_sentences(step) for step in steps]
        self._skeleton = _SLOT.sub(" ", " ".join(text for text, _ in expanded)) + _JOURNEY
        for text, way in expanded:
            role, _, said = text.partition(": ")
            if role == "call":
                self._write_call(said, way)
            else:
                content = self._fill(said, way or _way_of(said))
                self.case.messages.append({"role": role, "content": content})

    def _choose_sentences(self, step: str) -> tuple[str, str]:
        """Return the step with sentences of the language, and the way of its names."""
        ways = [""]

        def chosen(match: re.Match[str]) -> str:
            key = match[1]
            if key not in self._language:
                return match[0]
            ways.append(_WAYS.get(key, ""))
            found = self._language[key]
            return str(self._source.random.choice(found) if isinstance(found, list) else found)

        return _SLOT.sub(chosen, step), next(filter(None, ways), "")

    def _write_call(self, text: str, way: str) -> None:
        name, _, rest = text.partition(" ")
        arguments, _, output = rest.partition(" -> ")
        fill = lambda said: self._fill(said, way or "tool field")  # noqa: E731
        self.case.messages += _call(
            name, _filled(json.loads(arguments), fill), _filled(json.loads(output), fill)
        )

    def _fill(self, text: str, way: str) -> str:
        return _SLOT.sub(lambda match: self._value(match[1], way), text)

    def _value(self, slot: str, way: str) -> str:
        if slot == "ORDER":
            return self._order
        if slot in ("NAME", "GIVEN", "SURNAME", "LOWER"):
            self._owner = self._owner or self._plant(self._draw("NAME"), way)
            given, family = self._owner.parts[:2]
            written = {"GIVEN": given, "SURNAME": family, "LOWER": self._owner.text.lower()}
            return written.get(slot, self._owner.text)
        if slot == "OTHER":
            self._other = self._plant(self._draw("NAME"), way)
            return self._other.text
        if slot == "OTHER_EMAIL":
            return self._plant(self._draw("EMAIL", self._other), way).text
        way = "sentence" if way in _WAYS.values() and way != "answer" else way
        return self._plant(self._draw(slot, self._owner), way).text

    def _plant(self, value: Value, way: str) -> Value:
        self.case.planted.append(Planted(value, way))
        return value

    def _draw(self, slot: str, owner: Value | None = None) -> Value:
        """Return a value that is in no other words of the conversation."""
        for _ in range(_TRIES):
            value = self._source.create(slot, owner)
            if value.kind is not Kind.NAME or not self._is_ambiguous(value):
                return value
        raise ValueError(f"{self.case.group}: no {slot} is different from the other words.")

    def _is_ambiguous(self, name: Value) -> bool:
        others = [planted.value.text for planted in self.case.planted]
        text = Text(" ".join([self._skeleton, *others]))
        return find(name, text) is not None or find(name, _stand_ins()) is not None


def _way_of(said: str) -> str:
    """Return the way of values that are no part of a sentence of the language."""
    if _SLOT.fullmatch(said):
        return "answer"
    return "signature" if "\n{" in said else "sentence"


@cache
def _stand_ins() -> Text:
    """Return the names that the mock world puts in the place of names."""
    words: list[str] = []
    for value in vars(pools).values():
        if isinstance(value, tuple | list | frozenset):
            words += [str(one) for one in value]
        elif isinstance(value, dict):
            words += map(str, itertools.chain(value, value.values()))
    return Text(" ".join(words))


def _filled(value: Any, fill: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(inner, fill) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, fill) for inner in value]
    return fill(value) if isinstance(value, str) else value


def _call(name: str, arguments: Any, output: Any) -> list[dict[str, Any]]:
    identifier = f"call_{random.Random(json.dumps([name, arguments])).getrandbits(32):x}"
    function = {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)}
    call = {"id": identifier, "type": "function", "function": function}
    answer = json.dumps(output, ensure_ascii=False)
    return [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": identifier, "content": answer},
    ]


def _first(found: Any) -> str:
    return str(found[0] if isinstance(found, list) else found)
