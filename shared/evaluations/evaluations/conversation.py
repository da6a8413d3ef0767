"""Conversation of an evaluation session, or of one of its turns, as the judge reads it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from shared.evaluations.results.documents import result_data
from shared.evaluations.results.domain import InferenceResult
from shared.evaluations.traces.domain import Trace, TraceType
from shared.sessions.conversation_payloads import record_message
from shared.sessions.recorded_turns import RecordedTurns
from shared.sessions.transcript import AssistantSaid, ToolAnswered, ToolCalled, UserSaid
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.simulation.conversation import Called, Conversation, Entry, Said, Totals

#: Tool under whose name the judge reads what a turn retrieved.
_RETRIEVED = "retrieval_context"
_MS = 1000


def conversation_of(
    results: Sequence[InferenceResult], traces: Iterable[Trace], end_reason: str | None
) -> Conversation:
    """Return turns with the tool calls that their traces and messages record, in order."""
    calls: dict[object, list[Trace]] = defaultdict(list)
    for trace in traces:
        if trace.type is TraceType.TOOL:
            calls[trace.inference_result_id].append(trace)
    turns = RecordedTurns()
    entries: list[Entry] = []
    for result in results:
        entries += _entries(result, turns, calls[result.id])
    latencies = [(one.latency or 0) / _MS for one in results]
    costs = [one.cost for one in results if one.cost is not None]
    totals = Totals(
        turns=sum(isinstance(one, Said) and one.role == "user" for one in entries),
        tool_calls=sum(isinstance(one, Called) for one in entries),
        input_tokens=sum(one.input_tokens or 0 for one in results),
        output_tokens=sum(one.output_tokens or 0 for one in results),
        cost_usd=sum(costs) if costs else None,
        seconds=sum(latencies),
        slowest_seconds=max(latencies, default=0.0),
    )
    return Conversation(entries=tuple(entries), totals=totals, end_reason=end_reason)


def _entries(
    result: InferenceResult, turns: RecordedTurns, traces: Sequence[Trace]
) -> Iterator[Entry]:
    """Yield the entries of a turn: its tool calls stand before the last words of the agent."""
    sequence = result.id.sequence
    recorder = TranscriptRecorder()
    for message in turns.new_messages(result_data(result)):
        record_message(recorder, message)
    between = [_called(trace, sequence) for trace in sorted(traces, key=lambda t: t.began_at)]
    if result.retrieval_context:
        between.append(Called(_RETRIEVED, {}, result.retrieval_context, sequence=sequence))
    found = list(_said(recorder, sequence))
    ends_with_answer = bool(found) and isinstance(found[-1], Said) and found[-1].role == "agent"
    cut = len(found) - ends_with_answer
    yield from found[:cut]
    yield from between
    yield from found[cut:]


def _said(recorder: TranscriptRecorder, sequence: int) -> Iterator[Entry]:
    answers = {one.call: one for one in recorder.entries if isinstance(one, ToolAnswered)}
    for entry in recorder.entries:
        if isinstance(entry, UserSaid):
            yield Said("user", entry.text, sequence)
        elif isinstance(entry, AssistantSaid):
            yield Said("agent", entry.text, sequence)
        elif isinstance(entry, ToolCalled):
            answer = answers.get(entry.call)
            output, error = (answer.output, answer.error) if answer else (None, None)
            yield Called(entry.tool, entry.arguments, output, error, sequence)


def _called(trace: Trace, sequence: int) -> Called:
    return Called(trace.name, trace.input_data, trace.output_data, trace.error, sequence)
