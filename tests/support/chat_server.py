"""Chat server on 127.0.0.1 that answers prepared bytes: slow, cut, endless, or never."""

import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

#: Steps of a reply beside bytes and pauses in seconds.
RESET, HANG, ENDLESS = "reset the connection", "say nothing more", "send without end"

type Reply = list[bytes | float | str]


@dataclass(frozen=True)
class Received:
    """Request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class ChatServer:
    """Server that answers each request with the next prepared reply, the last one for ever."""

    def __init__(self, port: int = 0) -> None:
        self.received: list[Received] = []
        self._replies: deque[Reply] = deque()
        self._lock = threading.Lock()
        self._is_closed = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", port))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def url(self) -> str:
        return f"{self.origin}/v1"

    def reply(self, *steps: bytes | float | str) -> None:
        """Prepare the reply to one more request."""
        self._replies.append(list(steps))

    def close(self) -> None:
        self._is_closed.set()
        with suppress(OSError):
            # Ends the accept, which keeps the port in use.
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = _read(connection)
            with self._lock:
                self.received.append(request)
                last = len(self._replies) == 1
                steps = self._replies[0] if last else self._replies.popleft()
            for step in steps:
                if step == ENDLESS:
                    while not self._is_closed.is_set():
                        connection.sendall(b": still here\n\n" * 1000)
                        time.sleep(0.01)
                elif step == HANG:
                    self._is_closed.wait(30)
                elif step == RESET:
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                elif isinstance(step, bytes):
                    connection.sendall(step)
                else:
                    self._is_closed.wait(float(step))


def _read(connection: socket.socket) -> Received:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (chunk := connection.recv(65_536)):
            raise ConnectionError
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65_536)
    return Received(method, path, headers, json.loads(body) if body else None)


@contextmanager
def chat_server(port: int = 0) -> Iterator[ChatServer]:
    server = ChatServer(port)
    try:
        yield server
    finally:
        server.close()


def http(
    body: Any = b"",
    *,
    status: int = 200,
    content_type: str = "application/json",
    length: int | None = None,
    **headers: str,
) -> bytes:
    """Return a response; ``length`` is what it claims, if that is another than the body's."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [
        f"HTTP/1.1 {status} Some Reason",
        f"content-type: {content_type}",
        f"content-length: {len(content) if length is None else length}",
        "connection: close",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def completion(
    content: Any = "Hello", *, usage: Any = None, finish: str = "stop", **message: Any
) -> bytes:
    """Return a response with a completion."""
    said = {"role": "assistant", "content": content, **message}
    body: dict[str, Any] = {"choices": [{"index": 0, "message": said, "finish_reason": finish}]}
    return http(body | ({"usage": usage} if usage is not None else {}))


def whole_completion(text: str, **message: Any) -> bytes:
    """Return a completion with all fields, as clients want that check the form."""
    said = {"role": "assistant", "content": text, **message}
    finish = "tool_calls" if message else "stop"
    return http(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1768469400,
            "model": "scripted-1",
            "choices": [{"index": 0, "message": said, "finish_reason": finish}],
            "usage": {"prompt_tokens": 12, "completion_tokens": 7, "total_tokens": 19},
        }
    )


#: Head of a stream, which ends with its connection.
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
DONE = b"data: [DONE]\n\n"


def event(value: Any) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def piece(finish: str | None = None, **delta: Any) -> bytes:
    """Return one piece of a streamed completion."""
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def tool_call(
    arguments: Any = '{"expression": "2+2"}', *, identifier: Any = "call_1", **more: Any
) -> dict[str, Any]:
    """Return a tool call as a server sends it."""
    function = {"name": "calculator", "arguments": arguments}
    return {"id": identifier, "type": "function", "function": function, **more}
