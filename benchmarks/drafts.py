"""Quality of drafted scenarios, measured on captured conversations.

    python -m benchmarks.drafts FILE… [--drafts 1000]

A file has one conversation per line, ``{"id", "messages": [OpenAI chat messages], "user_goal"? or
"intents"?}``. The tables have the form of docs/drafting.md: answers of the mock world that equal
those of the session's tools, personal data found in the texts, and similarity of the intent to the
known goal, with two baselines.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.leaks import found_in, leaked, personal_data
from benchmarks.likeness import rouge_l_recall, similarities
from shared.core.json import dumps
from shared.playground.engine.mock_world import RecordedWorld
from shared.scenarios.drafting.domain import Draft
from shared.scenarios.drafting.intent import extract_goal, render_intent, select_turns
from shared.scenarios.drafting.material import Material
from shared.scenarios.drafting.rules import draft_scenario
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


type Intent = Callable[[Conversation, Draft], str]

INTENTS: dict[str, Intent] = {
    "drafted intent": lambda _, draft: draft.intent,
    "the same without the tools' names": lambda conversation, _: _without_tools(conversation),
    "first user message": lambda conversation, _: _turns(conversation)[0],
    "longest user message": lambda conversation, _: max(_turns(conversation), key=len),
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
    _print_run(every, options.drafts)


def read(path: Path) -> Iterator[Conversation]:
    """Read the conversations of a file."""
    for line in path.read_text().splitlines():
        found = json.loads(line)
        goal = found.get("user_goal") or ", ".join(map(_words, found.get("intents", [])))
        yield Conversation(found["id"], found["messages"], goal)


def replayed(transcript: Transcript, draft: Draft) -> tuple[int, int]:
    """Return the number of calls that the mock world answers as recorded, and of all calls.

    Arguments and answers are compared after pseudonymization.
    """
    material = Material.of(transcript)
    redactor = material.redactor
    assert material.world.tools == draft.mock_world
    world = RecordedWorld(draft.mock_world)
    # Recorded calls used by each tool, as in a session.
    repeated: dict[str, list[int]] = {}
    right = total = 0
    for called, answered in transcript.calls():
        used = repeated.setdefault(called.tool, [])
        answer = world.call(called.tool, redactor.pseudonymize(called.arguments, called.tool), used)
        if answer.recorded is not None:
            used.append(answer.recorded)
        if answered is not None:
            total += 1
            output = redactor.pseudonymize(answered.output, called.tool)
            error = redactor.pseudonymize(answered.error, called.tool)
            right += (answer.output, answer.error) == (output, error)
    return right, total


def _print_file(name: str, conversations: list[Conversation]) -> None:
    transcripts = [conversation.transcript() for conversation in conversations]
    drafts = [draft_scenario(transcript) for transcript in transcripts]
    right, total = map(sum, zip(*map(replayed, transcripts, drafts), strict=True))
    known = [personal_data(transcript) for transcript in transcripts]
    found = [leaked(data, draft) for data, draft in zip(known, drafts, strict=True)]
    again = [draft_scenario(transcript) for transcript in transcripts]
    print(f"\n### {name}: {len(conversations)} conversations\n")
    print("| | |\n|---|---|")
    print(f"| tool calls answered as recorded | {right} of {total} ({right / max(total, 1):.0%}) |")
    print(f"| pieces of personal data | {sum(map(len, known))} |")
    print(f"| of those found in name, intent or journey | {sum(map(len, found))} |")
    print(f"| of those found in mock_world | {sum(map(_in_world, known, drafts))} |")
    same = sum(map(lambda a, b: _written(a) == _written(b), drafts, again))
    print(f"| equal to a second draft, byte for byte | {same} of {len(drafts)} |")
    for conversation, pieces in zip(conversations, found, strict=True):
        for piece in pieces:
            print(f"leak in {conversation.identifier}: {piece}")
    _print_intents(conversations, drafts)


def _print_intents(conversations: list[Conversation], drafts: list[Draft]) -> None:
    texts = {
        name: [intent(c, d) for c, d in zip(conversations, drafts, strict=True)]
        for name, intent in INTENTS.items()
    }
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
        draft_scenario(transcripts[number % len(transcripts)])
        spent.append((time.perf_counter() - start) * 1000)
    spent.sort()
    print(
        f"\n{drafts} sessions drafted without an error: median {statistics.median(spent):.1f} ms,"
        f" 99 of 100 within {spent[int(drafts * 0.99) - 1]:.1f} ms, longest {spent[-1]:.1f} ms."
    )


def _in_world(data: set[str], draft: Draft) -> int:
    return len(found_in(data, dumps(draft.mock_world)))


def _without_tools(conversation: Conversation) -> str:
    """Return the intent without the headline of the tools' names."""
    transcript = conversation.transcript()
    redactor = Material.of(transcript).redactor
    turns = [redactor.redact(turn) for turn in select_turns(transcript.user_turns())]
    return render_intent(turns, extract_goal(turns))


def _turns(conversation: Conversation) -> list[str]:
    return [m["content"] for m in conversation.messages if m["role"] == "user" and m["content"]]


def _written(draft: Draft) -> str:
    return dumps([draft.name, draft.intent, draft.journey, draft.mock_world, draft.tags])


def _words(intent: str) -> str:
    """Return an intent's name, such as ``SearchOnewayFlight``, as words."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in intent).strip()


if __name__ == "__main__":
    main()
