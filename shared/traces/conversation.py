"""Conversation of a set of spans: the same for the same spans, however they arrived."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.sessions.captured_conversations import (
    MAX_AGENT_LENGTH,
    MAX_ID_LENGTH,
    MAX_INSTRUCTIONS_BYTES,
    CapturedConversation,
)
from shared.sessions.forms import opentelemetry
from shared.sessions.forms.fields import first_of
from shared.sessions.forms.matching import entries_of
from shared.sessions.forms.span_content import is_agent
from shared.sessions.forms.steps import Instructed, Steps
from shared.traces.domain import Document, Owner, Span, distinct

#: Difference of two systems' clocks, at most: a later time does not count.
_SKEW = timedelta(days=1)
_MODELS = ("gen_ai.response.model", "gen_ai.request.model", "llm.model_name")
_TOKENS = (
    ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt"),
    ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion"),
)
_MAX_MODELS = 20


def conversation_of(
    owner: Owner, spans: Iterable[Span], now: datetime
) -> CapturedConversation | None:
    """Return the conversation in spans, or None if they have no content of one."""
    ordered = distinct(spans)
    latest = int((now + _SKEW).timestamp()) * 10**9
    steps = Steps()
    opentelemetry.read(steps, "spans", [_record(span, latest) for span in ordered])
    timed = list(entries_of(steps))
    if not timed:
        return None
    fields = [span.document["attributes"] for span in ordered if not is_agent(_attributes(span))]
    agent = steps.agent or next(
        (span.document["service"] for span in ordered if "service" in span.document), None
    )
    models = dict.fromkeys(str(one) for f in fields if (one := first_of(f, _MODELS)))
    return CapturedConversation(
        id=owner.name[:MAX_ID_LENGTH],
        entries=tuple(entry for entry, _ in timed),
        times=tuple(at for _, at in timed),
        fingerprint="",
        instructions=_instructions(steps),
        agent=agent[:MAX_AGENT_LENGTH] if agent else None,
        models=tuple(models)[:_MAX_MODELS],
        tokens=(_sum(fields, _TOKENS[0]), _sum(fields, _TOKENS[1])),
    )


def _attributes(span: Span) -> Document:
    attributes: Document = span.document["attributes"]
    return attributes


def _record(span: Span, latest: int) -> Document:
    """Return a span as the reader takes it: with ids unique among traces, and known times."""
    record = {**span.document, "spanId": f"{span.trace}{span.id}"}
    if "events" in record:
        record["events"] = [{**event} for event in record["events"]]
    if "parentSpanId" in record:
        record["parentSpanId"] = f"{span.trace}{record['parentSpanId']}"
    for fields in (record, *(record.get("events") or ())):
        for key in ("startTimeUnixNano", "endTimeUnixNano", "timeUnixNano"):
            if key in fields and not 0 < int(fields[key]) <= latest:
                fields[key] = None
    return record


def _instructions(steps: Steps) -> str:
    """Return the system prompts, as many as fit: some change with each call."""
    found: list[str] = []
    size = 0
    for step in steps.steps:
        if isinstance(step, Instructed) and step.text not in found:
            size += len(step.text.encode()) + 2
            if size > MAX_INSTRUCTIONS_BYTES:
                break
            found.append(step.text)
    return "\n\n".join(found)


def _sum(fields: Sequence[Document], keys: tuple[str, ...]) -> int:
    return sum(value for one in fields if (value := _count(first_of(one, keys))))


def _count(value: Any) -> int:
    return value if type(value) is int and 0 < value < 2**40 else 0
