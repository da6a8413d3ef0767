"""Sample agent of docs/testing-agents.md: a shop's refunds, behind Chat Completions.

    python refund_agent.py [--port 8000] [--version 1]

Stands for an agent of yours, with a model and tools; this one is a script without dependencies.
Version 2 has a regression: it promises a refund without making it.
"""

import argparse
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ORDER = re.compile(r"\b[A-Z]{2}-\d{4,}\b")
DAYS = 30

# No `type` statement: the script runs on the Python of any machine.
Message = dict[str, Any]


def answer(messages: list[Message], version: int) -> Message:
    """Return the agent's next message: words, or a tool call."""
    asked = max(n for n, one in enumerate(messages) if one["role"] == "user")
    orders = [found for one in messages[: asked + 1] for found in ORDER.findall(text_of(one))]
    if not orders:
        return says("I am sorry to hear that. Can you tell me the number of your order?")
    results = results_of(messages[asked:])
    if "get_order" not in results:
        return calls("get_order", order_id=orders[-1])
    order = results["get_order"]
    if not isinstance(order, dict) or "total" not in order:
        return says(f"I cannot find the order {orders[-1]}.")
    if order["days_since_delivery"] > DAYS:
        return says(f"I cannot refund {orders[-1]}: it was delivered more than {DAYS} days ago.")
    if version == 1 and "refund_order" not in results:
        return calls("refund_order", order_id=orders[-1], amount=order["total"])
    return says(f"I have refunded {order['total']} for the order {orders[-1]}.")


def text_of(message: Message) -> str:
    return message["content"] if message["role"] == "user" else ""


def results_of(messages: list[Message]) -> dict[str, Any]:
    """Return the results of the tools that were called since the user's last message."""
    names = {
        call["id"]: call["function"]["name"]
        for one in messages
        for call in one.get("tool_calls") or []
    }
    return {
        names[one["tool_call_id"]]: read(one["content"])
        for one in messages
        if one["role"] == "tool"
    }


def read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def says(text: str) -> Message:
    return {"role": "assistant", "content": text}


def calls(name: str, **arguments: Any) -> Message:
    function = {"name": name, "arguments": json.dumps(arguments)}
    call = {"id": f"call_{name}", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


class Handler(BaseHTTPRequestHandler):
    """POST /v1/chat/completions."""

    version = 1

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        message = answer(request["messages"], self.version)
        words = len(json.dumps(request["messages"]).split())
        body = {
            "object": "chat.completion",
            "model": f"refunds-{self.version}",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": words, "completion_tokens": 20},
        }
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


def server(port: int, version: int) -> ThreadingHTTPServer:
    """Return the agent's server on 127.0.0.1."""
    handler = type("VersionedHandler", (Handler,), {"version": version})
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--version", type=int, default=1)
    arguments = parser.parse_args()
    server(arguments.port, arguments.version).serve_forever()


if __name__ == "__main__":
    main()
