"""Import of conversations: lines sent concurrently, each until it is stored or refused.

Everything but the requests happens in one thread, so the output needs no lock. Lines with one
``id`` are sent one after another: which of two different ones is refused never depends on chance.
"""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Protocol

from .client import Api, Query
from .errors import Failure, Refused, Status
from .lines import Line

#: Bytes of a line that fit into a request, which may take twice of them; a longer one is uploaded.
DIRECT_BYTES = 2_500_000
#: Bytes of lines in memory, at most, or one line.
_WINDOW_BYTES = 64_000_000
#: Statuses after which no further line can succeed.
_FATAL = (Status.UNREACHABLE, Status.UNAUTHORIZED, Status.NOT_FOUND)
_PATH = "/v1/sessions/import"


@dataclass(frozen=True, slots=True)
class Sent:
    """A line of a file, to be imported."""

    source: str
    name: str
    line: Line

    @property
    def id(self) -> str | None:
        """Identifier of the conversation in its source."""
        value = self.line.value
        return str(value["id"]) if isinstance(value, dict) and "id" in value else None


@dataclass(frozen=True, slots=True)
class Imported:
    """A session that a line became; ``existed`` if an earlier import had stored it."""

    id: str
    session_id: str
    kind: str
    existed: bool


class Report(Protocol):
    """Recipient of an import's progress."""

    def imported(self, sent: Sent, session: Imported) -> None: ...

    def refused(self, sent: Sent, reason: str) -> None: ...


@dataclass(slots=True)
class Importer:
    """One import into sessions of a kind, with so many requests at a time."""

    api: Api
    kind: str
    jobs: int
    report: Report
    stopped: threading.Event = field(default_factory=threading.Event)
    _running: dict[Future[Imported], Sent] = field(default_factory=dict)

    def run(self, lines: Iterable[Sent]) -> None:
        """Import all lines.

        Raises ``Failure`` where no further line can succeed, and ``KeyboardInterrupt``; both
        once the requests in progress have been answered.
        """
        pool = ThreadPoolExecutor(self.jobs)
        try:
            for sent in lines:
                if sent.line.refusal:
                    self.report.refused(sent, sent.line.refusal)
                    continue
                while self._must_wait(sent):
                    self._collect()
                self._running[pool.submit(self._import, sent)] = sent
            while self._running:
                self._collect()
        except BaseException:
            self.stopped.set()  # ends pauses between two tries
            pool.shutdown(wait=False, cancel_futures=True)
            self._collect_rest()
            raise
        finally:
            pool.shutdown(wait=False)

    def _must_wait(self, sent: Sent) -> bool:
        running = self._running.values()
        size = sum(len(one.line.content) for one in running) + len(sent.line.content)
        is_full = len(running) >= self.jobs or size > _WINDOW_BYTES
        has_twin = sent.id is not None and any(one.id == sent.id for one in running)
        return bool(running) and (is_full or has_twin)

    def _collect(self) -> None:
        """Report the lines that are answered, after waiting for one."""
        for future in wait(self._running, return_when=FIRST_COMPLETED).done:
            sent = self._running.pop(future)
            try:
                session = future.result()
            except Failure as failure:
                if failure.status in _FATAL:
                    raise
                self.report.refused(sent, failure.message)
            else:
                self.report.imported(sent, session)

    def _collect_rest(self) -> None:
        """Report what the requests in progress have become; a second Ctrl-C ends it."""
        for future, sent in list(self._running.items()):
            if future.cancelled():
                continue
            try:
                session = future.result()
            except Failure as failure:
                # The reason for the end of the import, which is known already, is no refusal.
                if isinstance(failure, Refused) and failure.status not in _FATAL:
                    self.report.refused(sent, failure.message)
            else:
                self.report.imported(sent, session)
        self._running.clear()

    def _import(self, sent: Sent) -> Imported:
        query: Query = {"kind": self.kind, "name": sent.name}
        content = sent.line.content
        if len(content) > DIRECT_BYTES:
            body = {"upload_id": self._upload(content)}
            answer = self.api.send("POST", _PATH, query=query, body=body)
        else:
            answer = self.api.send("POST", _PATH, query=query, content=content)
        stored = answer.json()
        existed = answer.headers.get("idempotent-replayed") == "true" or answer.status_code == 200
        return Imported(stored["id"], stored["session_id"], stored["kind"], existed)

    def _upload(self, content: bytes) -> str:
        upload = self.api.json("POST", f"{_PATH}/uploads")
        self.api.put(upload["url"], content, upload.get("headers") or {})
        return str(upload["upload_id"])


def numbered(source: str, name: str, lines: Iterable[Line]) -> Iterator[Sent]:
    """Yield the lines of a file for an import under a name."""
    for line in lines:
        yield Sent(source, name, line)
