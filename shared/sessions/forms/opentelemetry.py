"""OpenTelemetry: GenAI conventions and OpenInference, in spans, their events and log records.

Reads what SDKs print (``to_json``) and what OTLP carries as JSON. A span or event of anything
else than a conversation is left out.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from shared.core.clock import timestamp
from shared.sessions.conversation_payloads import parse_json
from shared.sessions.forms.histories import Histories, Uncovered
from shared.sessions.forms.otlp import NAMES, Record, attributes_of, records_in
from shared.sessions.forms.span_content import CHOICE, PREFIX, SpanContent, agent_of, content_of
from shared.sessions.forms.steps import Step, Steps

#: Keys of a line with records.
KEYS = (
    "resourceLogs", "resource_logs", "logRecords", "log_records", "logs",
    "resourceSpans", "resource_spans", "spans", "events",
)  # fmt: skip
#: Beginnings of the attributes of a conversation.
PREFIXES = (PREFIX, "openinference.", "llm.", "traceloop.")


def matches(value: Any) -> bool:
    """Return whether a value is a record about a conversation."""
    if not isinstance(value, dict):
        return False
    names = [*attributes_of(value), *(str(value.get(key)) for key in NAMES)]
    return any(name.startswith(PREFIXES) for name in names)


def read(steps: Steps, path: str, values: list[Any]) -> None:
    """Add the conversation in records, in the order of time and span.

    The spans of models have it as their histories. Those of tools, and of agents and chains
    around them, add what these lack.
    """
    records = sorted(records_in(path, values), key=lambda one: one.order)
    for record in records:
        steps.agent = steps.agent or agent_of(record)
    contents = [content_of(group) for group in _grouped(records)]
    _forget_inner_texts(contents)
    around = _spans_around([one for one in contents if not one.is_new])
    inner = [one for one in contents if one.span not in around]
    histories = [one.history for one in inner if one.history.steps]
    merged, lacking = Histories(steps), Uncovered(histories)
    for content, is_end in _in_order(contents, around):
        if content.span in around or content.asked or content.told:
            _add_lacking(steps, content, lacking, is_end=is_end)
        elif content.is_new:
            steps.extend(content.history)
        elif not is_end:
            merged.add(content.history)
        if content.run is not None and not is_end:
            _add_run(steps, content, lacking)


def _grouped(records: list[Record]) -> Iterator[list[Record]]:
    """Yield the records of each span; without spans, those up to each answer."""
    by_span: dict[str, list[Record]] = {}
    for record in records:
        by_span.setdefault(record.span, []).append(record)
    for group in by_span.values():
        together: list[Record] = []
        for record in group:
            if together and together[-1].name == CHOICE and record.name != CHOICE:
                yield together
                together = []
            together.append(record)
        yield together


def _forget_inner_texts(contents: list[SpanContent]) -> None:
    """Leave the texts of outermost spans only: those within mostly repeat them."""
    spans = {one.span for one in contents if one.span}
    for content in contents:
        if content.parent in spans:
            content.asked = content.told = ""


def _spans_around(contents: list[SpanContent]) -> set[str]:
    """Return the spans around those of models; of agents, also where the ones between lack."""
    parents = {one.span: one.parent for one in contents if one.span and one.parent}
    around: set[str] = set()
    for content in contents:
        if content.history.steps:
            span = parents.get(content.span, "")
            while span and span not in around:
                around.add(span)
                span = parents.get(span, "")
    if any(one.history.steps and not one.is_agent for one in contents):
        around |= {one.span for one in contents if one.span and one.is_agent}
    return around


def _in_order(contents: list[SpanContent], around: set[str]) -> Iterator[tuple[SpanContent, bool]]:
    """Yield contents at their begin, and those with an output of their own at their end too."""
    found: list[tuple[tuple[str, int, int], SpanContent, bool]] = []
    for number, content in enumerate(contents):
        found.append(((content.order[0], 0, number), content, False))
        if content.span in around or content.told:
            ended = timestamp(content.ended) if content.ended else content.order[0]
            found.append(((ended, 1, -number), content, True))
    for _, content, is_end in sorted(found, key=lambda one: one[0]):
        yield content, is_end


def _add_lacking(steps: Steps, content: SpanContent, lacking: Uncovered, *, is_end: bool) -> None:
    """Add what no model's history has of the input or output of an agent or a chain."""
    history, split = content.history, content.answered_from
    own = history.steps[split:] if is_end else history.steps[:split]
    at = content.ended if is_end else content.at
    for step in own:
        if _lacks(step, lacking):
            steps.add(step, at)
    if own:
        return
    text = content.told if is_end else content.asked
    leaves = _leaves(parse_json(text))
    if leaves and all(lacking.lacks_text(leaf) for leaf in leaves):
        steps.at = at
        steps.say(text, by_user=not is_end)


def _lacks(step: Step, lacking: Uncovered) -> bool:
    # Equal steps are found at once; a text is searched for in all others.
    text = getattr(step, "text", None)
    return lacking.lacks_step(step) and (text is None or lacking.lacks_text(text))


def _leaves(value: Any) -> list[str]:
    """Return the texts in a value, at any depth."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [leaf for one in inner for leaf in _leaves(one)]


def _add_run(steps: Steps, content: SpanContent, lacking: Uncovered) -> None:
    """Add the run of a tool that no model has in its history."""
    assert content.run is not None  # noqa: S101  # as asked by the caller
    call, answer = content.run
    if lacking.lacks_run(call, answer):
        if lacking.lacks_call(call):
            steps.add(call, content.at)
        steps.add(answer, _later(content))


def _later(content: SpanContent) -> datetime | None:
    return content.ended or content.at
