"""Suggested checks of captured conversations: on themselves, on regressions, and personal data.

    python -m benchmarks.suggestions FILE… [--show 5]

A file has one conversation per line (see ``benchmarks/drafts.py``). Checks are suggested from each
one. They must pass on it; fail where one of its changes is left out, changed in one argument, or
done to another subject too; and hold none of its personal values, only those that the drafted
scenario has in their place.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.drafts import read
from shared.core.json import dumps
from shared.runs.checks.calls import calls_of
from shared.runs.checks.effects import changing_tools, hands_over, has_failed
from shared.runs.checks.evaluation import evaluate_checks
from shared.runs.checks.suggesting import suggest_checks
from shared.scenarios.drafting.recorded import pseudonymize_conversation
from shared.scenarios.drafting.rules import draft_scenario
from shared.scenarios.redaction.free_texts import strings
from shared.scenarios.redaction.redactor import Redactor
from shared.scenarios.redaction.wiring import classifier
from shared.sessions.transcript import AssistantSaid, ToolAnswered, Transcript, UserSaid
from shared.simulation.conversation import Called, Conversation, Said, Totals
from shared.simulation.judging.domain import Outcome
from shared.simulation.users.domain import SCRIPT_ENDED

#: Changes by a tool that no recording has.
UNRECORDED = {
    "change by a tool that was not recorded": Called("delete_account", {"id": 1}, "done"),
    "the same, without an answer": Called("delete_account", {"id": 1}, error="?", matched="none"),
}

type Checks = list[dict[str, Any]]


def main() -> None:
    """Measure all files and print the table and what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suggestions")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", type=int, default=5, help="mistakes of each kind to print")
    options = parser.parse_args()
    good: Counter[str] = Counter()
    every: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for path in options.files:
        for found in read(path):
            for kind, mistake in examine(found.transcript()):
                every[kind] += 1
                good[kind] += mistake is None
                if mistake is not None and shown[kind] < options.show:
                    shown[kind] += 1
                    print(f"- {found.identifier}: {kind}: {mistake[:300]}")
    print("| | right | of |\n|---|---|---|")
    for kind, number in every.items():
        print(f"| {kind} | {good[kind]:,} | {number:,} |")


def examine(transcript: Transcript) -> Iterator[tuple[str, str | None]]:
    """Yield what was examined, and the mistake if there is one."""
    recorded, personal = pseudonymize_conversation(transcript, classifier())
    conversation = ended(recorded)
    checks = suggest_checks(conversation, personal)
    failing = against(checks, conversation)
    yield "passes on its conversation", dumps(failing) if failing else None
    for kind, regressed in regressions(conversation):
        yield kind, None if against(checks, regressed) else "all checks pass"
    text = dumps(checks)
    for value in personal_values(transcript):
        yield "recorded personal value is absent", value if value in text else None
    draft = draft_scenario(transcript, classifier())
    turns = [one.text for one in recorded.entries if isinstance(one, Said) and one.role == "user"]
    scenario = dumps([turns, draft.mock_world])
    for check in checks:
        if check["type"] == "says_not":
            known = dumps(check["text"])[1:-1] in scenario
            yield "says_not has the scenario's value", None if known else check["text"]


def ended(conversation: Conversation) -> Conversation:
    """Return a conversation as a run has it: ended, and with its totals."""
    turns = sum(isinstance(one, Said) and one.role == "user" for one in conversation.entries)
    totals = Totals(turns=turns, tool_calls=len(calls_of(conversation)))
    numbered = tuple(replace(one, sequence=n) for n, one in enumerate(conversation.entries, 1))
    return replace(conversation, entries=numbered, totals=totals, end_reason=SCRIPT_ENDED)


def against(checks: Checks, conversation: Conversation) -> list[str]:
    """Return the reasons of the checks that do not pass."""
    results = evaluate_checks(checks, conversation)
    return [one.reason for one in results if one.outcome is not Outcome.PASSED]


def regressions(conversation: Conversation) -> Iterator[tuple[str, Conversation]]:
    """Yield the conversation with one change left out, altered, or made once more."""
    calls = calls_of(conversation)
    changing = changing_tools(calls)
    last = calls[-1] if calls else None
    if calls:
        for kind, call in UNRECORDED.items():
            yield kind, replace(conversation, entries=(*conversation.entries, call))
    for number, entry in enumerate(conversation.entries):
        if not isinstance(entry, Called):
            continue
        before, after = conversation.entries[:number], conversation.entries[number + 1 :]
        if entry is last and hands_over(entry.tool):
            yield "handover left out", replace(conversation, entries=before + after)
        if entry.tool not in changing or has_failed(entry):
            continue
        yield "change left out", replace(conversation, entries=before + after)
        for altered in islice(_altered(entry), 1):
            entries = (*before, altered, *after)
            yield "change with another argument", replace(conversation, entries=entries)
            entries = (*before, entry, altered, *after)
            yield "change made elsewhere too", replace(conversation, entries=entries)


def _altered(call: Called) -> Iterator[Called]:
    """Yield the call with another value of each argument that is a word."""
    arguments = call.arguments if isinstance(call.arguments, dict) else {}
    for name, value in arguments.items():
        if isinstance(value, str) and len(value.split()) == 1:
            yield replace(call, arguments=arguments | {name: f"{value}-other"})


def personal_values(transcript: Transcript) -> Sequence[str]:
    """Return the recorded personal values of all messages and tool answers."""
    redactor = Redactor.of(transcript, classifier())
    found = {
        text[one.start : one.end]
        for text in _texts(transcript)
        for one in redactor.find_spans(text)
    }
    return sorted(value for value in found if len(value) > 3)


def _texts(transcript: Transcript) -> Iterator[str]:
    for entry in transcript.entries:
        if isinstance(entry, UserSaid | AssistantSaid):
            yield entry.text
        elif isinstance(entry, ToolAnswered):
            yield from strings(entry.output)


if __name__ == "__main__":
    main()
