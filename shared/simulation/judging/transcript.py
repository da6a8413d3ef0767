"""Transcript of a conversation as a judge reads it: numbered entries, one line each."""

import re
from dataclasses import dataclass

from shared.core.json import dumps
from shared.simulation.conversation import Conversation, Entry, Said
from shared.simulation.judging.domain import Evidence

#: Characters of one entry and of the transcript. The goal is at the start of a conversation,
#: the outcome at its end.
_MAX_ENTRY = 6_000
_MAX_TRANSCRIPT = 120_000
_MAX_QUOTE = 500
#: Letters and digits of a quotation, at least; shorter ones occur anywhere.
_SHORTEST = 4
#: Number and speaker of an entry, which a quotation may begin with.
_SPEAKER = re.compile(r"(?:\[\d+\] )?(?:(?:user|agent): |agent calls the tool )")


@dataclass(frozen=True)
class JudgedTranscript:
    """Entries as lines without line breaks, so that no words can look like another entry."""

    speakers: tuple[str, ...]
    words: tuple[str, ...]
    sequences: tuple[int | None, ...]
    end_reason: str | None = None

    @classmethod
    def of(cls, conversation: Conversation) -> "JudgedTranscript":
        entries = conversation.entries
        return cls(
            tuple(map(_speaker, entries)),
            tuple(map(_words, entries)),
            tuple(one.sequence for one in entries),
            conversation.end_reason,
        )

    def render(self) -> str:
        """Return the entries with their numbers from 1, without the middle of a long one."""
        entries = zip(self.speakers, self.words, strict=True)
        lines = [f"[{n}] {who}{_cut(words)}" for n, (who, words) in enumerate(entries, 1)]
        head, tail = _ends(lines)
        left_out = len(lines) - len(head) - len(tail)
        note = [f"[{left_out} entries in the middle are left out here.]"] if left_out else []
        end = [f"[The conversation ended: {_collapse(self.end_reason)}]"] if self.end_reason else []
        return "\n".join([*head, *note, *tail, *end])

    def evidence(self, number: object, quote: str) -> Evidence | None:
        """Return a quotation of an entry, if it says these words, or of the first that does."""
        quoted = _collapse(quote)
        if speaker := _SPEAKER.match(quoted):
            quoted = quoted[speaker.end() :]
        if sum(map(str.isalnum, quoted)) < _SHORTEST and quoted not in self.words:
            return None
        order = list(range(len(self.words)))
        if type(number) is int and number - 1 in order:
            order.insert(0, number - 1)
        for index in order:
            if quoted and quoted in self.words[index]:
                return Evidence(quoted[:_MAX_QUOTE], self.sequences[index])
        return None


def _speaker(entry: Entry) -> str:
    return f"{entry.role}: " if isinstance(entry, Said) else "agent calls the tool "


def _words(entry: Entry) -> str:
    if isinstance(entry, Said):
        return _collapse(entry.text)
    answer = f"error: {entry.error}" if entry.error is not None else dumps(entry.output)
    return _collapse(f"{entry.tool} with {dumps(entry.arguments)}; it answers {answer}")


def _ends(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the first and the last lines that fit, each of them in one half."""
    if sum(map(len, lines)) <= _MAX_TRANSCRIPT:
        return lines, []
    head = _fitting(lines)
    return head, _fitting(lines[len(head) :][::-1])[::-1]


def _fitting(lines: list[str]) -> list[str]:
    room = _MAX_TRANSCRIPT // 2
    for index, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return lines[:index]
    return lines


def _cut(words: str) -> str:
    half = _MAX_ENTRY // 2
    return words if len(words) <= _MAX_ENTRY else f"{words[:half]} [cut] {words[-half:]}"


def _collapse(text: str) -> str:
    return " ".join(text.split())
