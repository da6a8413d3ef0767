"""Intents of drafted scenarios, measured on captured conversations.

    python -m benchmarks.drafts FILE… [--drafts 1000]

A file has one conversation per line, ``{"id", "messages": [OpenAI chat messages], "user_goal"? or
"intents"?}``. The tables have the form of docs/drafting.md: similarity of the intent to the known
goal beside three baselines, names that two sessions share, and second drafts that differ. The
personal data in drafts is measured by ``benchmarks.personal_data``, the mock worlds by
``benchmarks.worlds``.
"""

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.likeness import rouge_l_recall, similarities
from shared.core.json import dumps
from shared.scenarios.drafting.domain import Draft
from shared.scenarios.drafting.rules import draft_scenario
from shared.scenarios.library.domain import MAX_INTENT
from shared.scenarios.redaction.redactor import Redactor
from shared.scenarios.redaction.wiring import classifier
from shared.sessions.conversation_payloads import record_message
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import Transcript
from shared.sessions.transcript_recorder import TranscriptRecorder


@dataclass(frozen=True)
class Conversation:
    """Captured conversation and the goal of its user."""

    identifier: str
    messages: list[dict[str, Any]]
    goal: str

    def transcript(self) -> Transcript:
        recorder = TranscriptRecorder()
        for message in self.messages:
            record_message(recorder, message)
        return Transcript(kind=SessionKind.AGENT, entries=tuple(recorder.entries))


#: Baselines, of the user's messages.
BASELINES: dict[str, Callable[[list[str]], str]] = {
    "all user turns joined": lambda turns: " ".join(turns)[:MAX_INTENT],
    "first user message": lambda turns: turns[0],
    "longest user message": lambda turns: max(turns, key=len),
}


def main() -> None:
    """Measure each file and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drafts")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--drafts", type=int, default=1000, help="sessions drafted for the timing")
    options = parser.parse_args()
    every: list[Conversation] = []
    for path in options.files:
        conversations = list(read(path))
        every += conversations
        _print_file(path.name, conversations)
    if options.drafts:
        _print_run(every, options.drafts)


def read(path: Path) -> Iterator[Conversation]:
    """Read the conversations of a file."""
    for line in path.read_text().splitlines():
        found = json.loads(line)
        goal = found.get("user_goal") or ", ".join(map(_words, found.get("intents", [])))
        yield Conversation(found["id"], found["messages"], goal)


def _print_file(name: str, conversations: list[Conversation]) -> None:
    transcripts = [conversation.transcript() for conversation in conversations]
    drafts = [draft_scenario(transcript, classifier()) for transcript in transcripts]
    again = [draft_scenario(transcript, classifier()) for transcript in transcripts]
    names = Counter(draft.name for draft in drafts)
    same = sum(map(lambda a, b: _written(a) == _written(b), drafts, again))
    print(f"\n### {name}: {len(conversations)} conversations\n")
    print("| | |\n|---|---|")
    print(f"| equal to a second draft, byte for byte | {same} of {len(drafts)} |")
    shared = sum(count for count in names.values() if count > 1)
    print(f"| share their name with another | {shared} of {len(drafts)} |")
    _print_intents(conversations, transcripts, drafts)


def _print_intents(
    conversations: list[Conversation], transcripts: list[Transcript], drafts: list[Draft]
) -> None:
    said = [[turn for turn in one.user_turns() if turn] for one in transcripts]
    redactors = [Redactor.of(transcript, classifier()) for transcript in transcripts]
    redacted = [list(map(r.redact, turns)) for r, turns in zip(redactors, said, strict=True)]
    texts = {"drafted intent": [draft.intent for draft in drafts]}
    for name, baseline in BASELINES.items():
        texts[f"{name}, redacted"] = list(map(baseline, redacted))
        texts[f"{name}, with personal data"] = list(map(baseline, said))
    goals = [conversation.goal for conversation in conversations]
    alike = similarities(
        [(text, goal) for own in texts.values() for text, goal in zip(own, goals, strict=True)]
    )
    print("\n| against the goal | ROUGE-L recall | similarity of meaning |\n|---|---|---|")
    for number, (name, own) in enumerate(texts.items()):
        recall = statistics.fmean(map(rouge_l_recall, own, goals))
        part = alike[number * len(goals) : (number + 1) * len(goals)]
        meaning = f"{statistics.fmean(part):.3f}" if part else "not measured"
        print(f"| {name} | {recall:.3f} | {meaning} |")


def _print_run(conversations: list[Conversation], drafts: int) -> None:
    transcripts = [conversation.transcript() for conversation in conversations]
    spent = []
    for number in range(drafts):
        start = time.perf_counter()
        draft_scenario(transcripts[number % len(transcripts)], classifier())
        spent.append((time.perf_counter() - start) * 1000)
    spent.sort()
    print(
        f"\n{drafts} sessions drafted without an error: median {statistics.median(spent):.1f} ms,"
        f" 99 of 100 within {spent[int(drafts * 0.99) - 1]:.1f} ms, longest {spent[-1]:.1f} ms."
    )


def _written(draft: Draft) -> str:
    return dumps(
        [draft.name, draft.intent, draft.journey, draft.mock_world, draft.tags, draft.user_turns]
    )


def _words(intent: str) -> str:
    """Return an intent's name, such as ``SearchOnewayFlight``, as words."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in intent).strip()


if __name__ == "__main__":
    main()
