"""Conversations in the forms of OpenTelemetry: events and spans."""

import json
from dataclasses import replace

from tests.support.forms_of_models import chat_messages
from tests.support.generated_conversations import Conversation, Json, answered_in_full


def opentelemetry_events(turns: Conversation) -> Json:
    """Return the events of each model call: its history, and a choice."""
    messages = [
        {**one, "content": one["content"] or one.get("refusal")}
        for one in chat_messages([replace(turn, thought=None) for turn in answered_in_full(turns)])
    ]
    events: list[Json] = []
    for position, message in enumerate(messages):
        if message["role"] == "assistant":
            span = {"span_id": f"0x{position}", "attributes": {"gen_ai.system": "x"}}
            history = messages[:position]
            for one in history:
                body = {"content": one["content"], "id": one.get("tool_call_id")}
                if one.get("tool_calls"):
                    body = {"tool_calls": one["tool_calls"]}
                if one.get("is_error"):
                    body["is_error"] = True
                events.append({"event_name": f"gen_ai.{one['role']}.message", "body": body, **span})
            body = {"index": 0, "finish_reason": "stop", "message": message}
            events.append({"event_name": "gen_ai.choice", "body": body, **span})
    return {"events": events}


def opentelemetry_spans(turns: Conversation) -> Json:
    """Return spans with the messages of each model call as their attributes."""
    messages: list[Json] = []
    spans: list[Json] = []

    def answer(*parts: Json) -> None:
        output = [{"role": "assistant", "parts": list(parts), "finish_reason": "stop"}]
        attributes = {
            "gen_ai.input.messages": json.dumps(messages),
            "gen_ai.output.messages": json.dumps(output),
        }
        spans.append({"name": "chat", "span_id": str(len(spans)), "attributes": attributes})
        messages.append(output[0])

    for turn in answered_in_full(turns):
        messages.append({"role": "user", "parts": [{"type": "text", "content": turn.asked}]})
        thought = [{"type": "reasoning", "content": turn.thought}] if turn.thought else []
        said = [{"type": "text", "content": turn.said}] if turn.said else []
        calls = [
            {
                "type": "tool_call",
                "id": call.identifier,
                "name": call.tool,
                "arguments": {"x": call.argument},
            }
            for call in turn.calls
        ]
        if turn.calls:
            answer(*thought, *said, *calls)
            thought = []
        for call in turn.calls:
            part = {"type": "tool_call_response", "id": call.identifier, "response": call.result}
            messages.append({"role": "tool", "parts": [part]})
        answer(*thought, {"type": "text", "content": turn.answer})
    return {"spans": spans}
