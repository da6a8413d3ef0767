"""Client of the API: requests with the user's key, repeated while the server is busy."""

import atexit
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from . import __version__
from .config import Login
from .errors import Failure, Refused, Status

#: Answers of a server that is busy: the request can be sent again.
_BUSY = (429, 502, 503, 504)
#: Seconds that a request waits for a busy server in total, and for a lost connection.
PATIENCE, CONNECTION_PATIENCE = 60.0, 2.0
_TIMEOUT = httpx.Timeout(60, connect=10)

type Query = dict[str, str | int | list[str] | None]


def new_http() -> httpx.Client:
    """Return the HTTP client of a command; tests replace it."""
    return httpx.Client(timeout=_TIMEOUT, headers={"user-agent": f"agent-sessions/{__version__}"})


class Api:
    """The API of a login.

    A POST is sent with an idempotency key, so that a repetition changes nothing.
    """

    def __init__(self, login: Login, wait: Callable[[float], object] = time.sleep) -> None:
        self.login = login
        self._http = new_http()
        atexit.register(self._http.close)
        self._wait = wait

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Any = None,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Return the answer to a request. Raises ``Failure`` for an error."""
        sent = {"authorization": f"Bearer {self.login.key}"} | (headers or {})
        if body is not None:
            content = json.dumps(body).encode()
        if content is not None:
            sent["content-type"] = "application/json"
        if method == "POST":
            sent.setdefault("idempotency-key", str(uuid.uuid4()))
        given = {name: value for name, value in (query or {}).items() if value is not None}
        request = self._http.build_request(
            method, self.login.url + path, params=given or None, content=content, headers=sent
        )
        answer = self._answer(request)
        if answer.status_code >= 400:
            raise Refused(answer.status_code, sentence(answer))
        return answer

    def json(self, method: str, path: str, **options: Any) -> Any:
        """Return the JSON of an answer."""
        answer = self.send(method, path, **options)
        try:
            return answer.json()
        except ValueError as error:
            reason = f"{self.login.url} is not the address of this API: it answers without JSON"
            raise Failure(reason) from error

    def put(self, url: str, content: bytes, headers: dict[str, str]) -> None:
        """Send content to a presigned address, without the key."""
        answer = self._answer(
            self._http.build_request("PUT", url, content=content, headers=headers)
        )
        if answer.status_code >= 400:
            raise Refused(answer.status_code, f"the upload failed: HTTP {answer.status_code}")

    def download(self, path: str, query: Query) -> Iterator[bytes]:
        """Yield the content of an answer; a redirect is followed without the key."""
        answer = self.send("GET", path, query=query)
        if answer.status_code not in (301, 302, 303, 307, 308):
            yield answer.content
            return
        place = answer.headers.get("location", "")
        try:
            with self._http.stream("GET", place) as answer:
                if answer.status_code >= 300:
                    raise Refused(
                        answer.status_code, f"the download failed: HTTP {answer.status_code}"
                    )
                yield from answer.iter_bytes()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Failure(
                "the download was cut off; run the command again", Status.UNREACHABLE
            ) from error

    def waits_with(self, wait: Callable[[float], object]) -> None:
        """Pause between two tries with ``wait``, which may return early to end a command."""
        self._wait = wait

    def _answer(self, request: httpx.Request) -> httpx.Response:
        """Send a request until the server is not busy, or the patience ends."""
        waited, tries = 0.0, 0
        while True:
            answer, failure = self._try(request)
            if answer is not None and answer.status_code not in _BUSY:
                return answer
            pause = min(0.2 * 2**tries, 1) if answer is None else _pause(answer, tries)
            limit = CONNECTION_PATIENCE if answer is None else PATIENCE
            if waited + pause > limit or self._wait(pause):
                if answer is None:
                    raise failure
                return answer
            waited, tries = waited + pause, tries + 1

    def _try(self, request: httpx.Request) -> tuple[httpx.Response | None, Failure]:
        """Return the answer, or None and the reason why there is none."""
        try:
            return self._http.send(request), Failure("")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return None, Failure(_unreachable(self.login.url, error), Status.UNREACHABLE)


def _pause(answer: httpx.Response, tries: int) -> float:
    """Return the seconds to wait for a busy server: as it says, or longer with each try."""
    given = answer.headers.get("retry-after", "")
    if given.isdecimal():
        return float(given) + random.random() / 4  # noqa: S311 - spreads clients, no secret
    return float(min(0.5 * 2**tries, 20)) * (0.5 + random.random() / 2)  # noqa: S311 - as above


def _unreachable(url: str, error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"{url} did not answer in time"
    reason = str(error).rpartition("] ")[2] or type(error).__name__
    return f"{url} cannot be reached: {reason}"


def sentence(answer: httpx.Response) -> str:
    """Return the sentence of an error answer, in any of the API's forms of errors."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        if isinstance(details := body.get("detail"), list):
            return "; ".join(_detail(one) for one in details if isinstance(one, dict))
        for name in ("message", "error", "detail"):
            if isinstance(text := body.get(name), str) and text:
                return text
    return f"the server answered HTTP {answer.status_code}"


def _detail(error: dict[str, Any]) -> str:
    path = ".".join(str(step) for step in error.get("loc", [])[1:])
    return f"{path}: {error.get('msg')}" if path else str(error.get("msg"))
