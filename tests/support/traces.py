"""Spans of agents, exported to the API, and the assembly of their sessions."""

import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import boto3

from functions.triggers import assemble_traces, purge_sessions
from tests.support.gateway import Answer, Gateway
from tests.support.storage import TRACE_QUEUE_URL

type Document = dict[str, Any]

#: 2026-03-01T09:00:00Z.
START = 1_772_355_600 * 10**9
SECOND = 10**9
TOOL = "get_order"


def span(
    trace: str, identifier: int, name: str, at: int, seconds: int, parent: int = 0, **fields: Any
) -> Document:
    """Return a span of OTLP's JSON; ``fields`` are its attributes, with ``__`` for a dot."""
    attributes = {key.replace("__", "."): value for key, value in fields.items()}
    return {
        "traceId": trace,
        "spanId": f"{identifier:016x}",
        **({"parentSpanId": f"{parent:016x}"} if parent else {}),
        "name": name,
        "startTimeUnixNano": str(START + at * SECOND),
        "endTimeUnixNano": str(START + (at + seconds) * SECOND),
        "attributes": [{"key": k, "value": any_value(v)} for k, v in attributes.items()],
    }


def any_value(value: Any) -> Document:
    """Return a value as OTLP's ``AnyValue``."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, list):
        return {"arrayValue": {"values": [any_value(one) for one in value]}}
    if isinstance(value, dict):
        pairs = [{"key": key, "value": any_value(one)} for key, one in value.items()]
        return {"kvlistValue": {"values": pairs}}
    return {"stringValue": value}


def text(role: str, content: str) -> Document:
    """Return a message of the GenAI conventions."""
    return {"role": role, "parts": [{"type": "text", "content": content}]}


def turn(
    trace: str, number: int, asked: str, history: list[Document], conversation: str | None = "c"
) -> tuple[list[Document], list[Document]]:
    """Return the spans of a turn with a tool, and the history after it.

    An agent's span is around two of its model and one of its tool; only the agent's has the
    conversation.
    """
    first = number * 100
    call = {"type": "tool_call", "id": f"call_{number}", "name": TOOL, "arguments": {"n": number}}
    result = {"type": "tool_call_response", "id": f"call_{number}", "response": f"late {number}"}
    asking = [*history, text("user", asked)]
    calling = {"role": "assistant", "parts": [call]}
    answering = [*asking, calling, {"role": "tool", "parts": [result]}]
    answer = text("assistant", f"Answer {number}.")
    model: Document = {"gen_ai__operation__name": "chat", "gen_ai__response__model": "m-1"}
    tokens: Document = {"gen_ai__usage__input_tokens": 10, "gen_ai__usage__output_tokens": 3}
    named: Document = {"gen_ai__conversation__id": conversation} if conversation else {}
    system = [{"type": "text", "content": "You look after orders."}]
    spans = [
        span(trace, first + 1, "invoke_agent desk", first, 9,
             gen_ai__operation__name="invoke_agent", gen_ai__agent__name="Desk",
             gen_ai__input__messages=[text("user", asked)], gen_ai__output__messages=[answer],
             **named),
        span(trace, first + 2, "chat m-1", first + 1, 1, first + 1,
             gen_ai__system_instructions=system, gen_ai__input__messages=asking,
             gen_ai__output__messages=[calling], **model, **tokens),
        span(trace, first + 3, f"execute_tool {TOOL}", first + 3, 1, first + 1,
             gen_ai__operation__name="execute_tool", gen_ai__tool__name=TOOL,
             gen_ai__tool__call__id=f"call_{number}", gen_ai__tool__call__arguments={"n": number},
             gen_ai__tool__call__result=f"late {number}"),
        span(trace, first + 4, "chat m-1", first + 5, 1, first + 1,
             gen_ai__system_instructions=system, gen_ai__input__messages=answering,
             gen_ai__output__messages=[answer], **model, **tokens),
    ]  # fmt: skip
    return spans, [*answering, answer]


def request_of(spans: list[Document], service: str = "shop") -> Document:
    """Return an export request in OTLP's JSON."""
    resource = {"attributes": [{"key": "service.name", "value": any_value(service)}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}


@dataclass
class Tracing:
    """Exporter of one organization, and the function that assembles its sessions."""

    api: Gateway
    sqs: Any = None
    held: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sqs = self.sqs or boto3.client("sqs")

    def export(self, *spans: Document, **options: Any) -> Answer:
        """Export spans, and keep the messages that follow."""
        answer = self.api("POST", "/v1/traces", request_of(list(spans)), **options)
        self.receive()
        return answer

    def receive(self) -> None:
        while found := self.sqs.receive_message(
            QueueUrl=TRACE_QUEUE_URL, MaxNumberOfMessages=10
        ).get("Messages"):
            for message in found:
                self.held.append(message["Body"])
                self.sqs.delete_message(
                    QueueUrl=TRACE_QUEUE_URL, ReceiptHandle=message["ReceiptHandle"]
                )

    def assemble(self, *bodies: str, seconds: int = 120) -> list[str]:
        """Deliver messages, by default all held ones; return the numbers of failed ones.

        ``seconds`` are left to the function.
        """
        delivered = list(bodies) or self.held
        if not bodies:
            self.held = []
        attributes = {"ApproximateReceiveCount": "1"}
        records = [
            {"messageId": str(n), "body": body, "attributes": attributes}
            for n, body in enumerate(delivered)
        ]
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: seconds * 1000)
        answer = assemble_traces.handler({"Records": records}, context)
        return [one["itemIdentifier"] for one in answer["batchItemFailures"]]

    def capture(self, *spans: Document) -> None:
        """Export spans in one request, and assemble their sessions."""
        answer = self.export(*spans)
        assert answer.json == {}, answer.text
        assert self.assemble() == []

    def sessions(self) -> list[Document]:
        """Return the sessions, oldest first."""
        return list(reversed(self.api("GET", "/v1/sessions?limit=1000").json["data"]))

    def events(self, session: Document) -> list[Document]:
        """Return the events of a session, all pages of them."""
        found: list[Document] = []
        url = f"/v1/sessions/{session['id']}/events"
        while page := self.api("GET", f"{url}?since_id={found[-1]['id']}" if found else url).json[
            "data"
        ]:
            found += page
        return found

    def told(self, session: Document) -> list[str]:
        """Return a session's log in short."""
        return [told_event(one) for one in self.events(session)]

    def all_told(self) -> list[Document]:
        """Return all sessions with their logs, without ids."""
        return [
            {
                "title": session["title"],
                "preview": session.get("preview"),
                "usage": session.get("usage"),
                "log": [f"{one['ts']} {told_event(one)}" for one in self.events(session)],
            }
            for session in self.sessions()
        ]

    def delete(self, session: Document) -> None:
        assert self.api("DELETE", f"/v1/sessions/{session['id']}").status == 204
        self.purge(session)

    def purge(self, session: Document) -> None:
        """Deliver the event of a deleted session."""
        detail = {
            "organization_id": str(self.api.organization_id), "session_id": session["id"],
        }  # fmt: skip
        purge_sessions.handler({"detail": detail}, None)


def told_event(event: Document) -> str:
    """Return an event in short."""
    data = event["data"]
    if "message" in data:
        parts = data["message"]["content"]
        shown = [
            one.get("text") or f"{one['name']} {json.dumps(one['arguments'])}" for one in parts
        ]
        return f"{data['message']['role']}: {' | '.join(shown)}"
    if event["type"] == "tool.completed":
        result = data.get("error") or "".join(one["text"] for one in data["result"])
        return f"{data['tool_name']} -> {result}"
    return f"{event['type']}: {data.get('tool_name')}"
