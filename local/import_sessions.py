"""`make import`: import captured conversations as sessions.

    python -m local.import_sessions --file FILE --kind agent|evaluation [--name NAME]

FILE has one conversation per line, as one JSON object in any form of docs/importing.md, such as
``{"id", "messages", "agent"?, "tags"?}`` with OpenAI's chat messages. Each is sent to the stack's
import queue, or through its bucket if it exceeds the size of a message. Prints ``{"id",
"session_id"}`` for each session that is stored; progress and invalid lines go to stderr. An
invalid line stops no other; the status is then 1.

Imports into the local stack, for the organization of its endpoint.json; with --stack-name into
a stack of your account, for --organization. Repeating a line imports no second session.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError

from cli.agent_sessions_cli.lines import Line, read_lines, split_lines
from local.api_key import organization_id_of
from local.aws import Target, client
from local.console import Failure, Parser, run_task
from local.endpoint import Endpoint
from local.import_queue import ImportQueue
from local.outputs import read_outputs
from local.ownership import running_stack
from local.settings import STACK_NAME, add_stack_options
from local.stack_table import stack_table
from shared.agents.sessions.imported_events import imported_events
from shared.core.errors import DomainError
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import loads_strict
from shared.evaluations.sessions.imported_turns import result_events
from shared.identity.service import IdentityService
from shared.imports.domain import KINDS
from shared.imports.envelopes import Envelope
from shared.sessions.captured_conversations import (
    OWN_FIELDS,
    CapturedConversation,
    read_conversation,
)
from shared.sessions.capturing import check_size
from shared.sessions.documents import session_key
from shared.sessions.domain import SessionKind
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone

#: Conversations sent but not yet stored, at most: bounds the memory of any import.
_WINDOW = 500
#: Seconds between two reads of pending sessions.
_PAUSE = 0.2


@dataclass(slots=True)
class Import:
    """One import and its progress."""

    organization_id: OrganizationId
    kind: SessionKind
    name: str
    queue: ImportQueue
    table: Table
    #: Seconds without progress after which the import fails.
    patience: float
    out: IO[str] = field(default_factory=lambda: sys.stdout)
    log: IO[str] = field(default_factory=lambda: sys.stderr)
    sent: int = 0
    imported: int = 0
    reported_at: float = field(default_factory=time.monotonic)
    failed: int = 0
    pending: dict[SessionId, tuple[int, CapturedConversation]] = field(default_factory=dict)
    seen: dict[str, tuple[int, str]] = field(default_factory=dict)

    def run(self, lines: Iterable[bytes]) -> bool:
        """Import all lines; return whether all of them became sessions."""
        started = time.monotonic()
        for line in read_lines(lines, loads_strict):
            self._send(line)
            if len(self.pending) >= _WINDOW and not self._wait():
                self._fail(line.number + 1, "this and all further lines were not sent")
                break
        self.queue.flush()
        while self.pending and self._wait():
            pass
        for number, conversation in self.pending.values():
            reason = f"sent, but no session after {self.patience:.0f} s; see the stack's logs"
            self._fail(number, f"{conversation.id}: {reason}")
        seconds = time.monotonic() - started
        self._log(f"{self.imported} imported, {self.failed} failed, in {seconds:.1f} s")
        return not self.failed

    def _send(self, line: Line) -> None:
        sent_at = datetime.now(UTC)
        number, value = line.number, line.value
        if line.refusal:
            return self._fail(number, line.refusal)
        try:
            conversation = read_conversation(value)
            request = conversation.request(self.organization_id, self.kind)
            session_id = SessionId(request.uuid())
            self._check(session_id, conversation, sent_at)
        except DomainError as error:
            return self._fail(number, error.message)
        if conversation.id in self.seen:
            earlier, fingerprint = self.seen[conversation.id]
            if fingerprint != conversation.fingerprint:
                reason = f"id: {conversation.id} is that of another conversation in line {earlier}"
                self._fail(number, reason)
            return None
        self.seen[conversation.id] = (number, conversation.fingerprint)
        own = {key: value[key] for key in OWN_FIELDS & value.keys()}
        self.pending[session_id] = (number, conversation)
        self.queue.send(
            Envelope(
                organization_id=self.organization_id,
                kind=self.kind,
                import_name=self.name,
                sent_at=sent_at,
                conversation=own | conversation.source,
            )
        )
        self.sent += 1
        return None

    def _check(
        self, session_id: SessionId, conversation: CapturedConversation, sent_at: datetime
    ) -> None:
        """Raise what the import function would raise for this conversation."""
        conversation.check_times(sent_at)
        if self.kind is SessionKind.AGENT:
            check_size(imported_events(session_id, conversation, sent_at))
        else:
            check_size(result_events(conversation, sent_at))

    def _wait(self) -> bool:
        """Wait until a session is stored; return False after ``patience``."""
        self.queue.flush()
        deadline = time.monotonic() + self.patience
        while not self._read_stored():
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        self._report()
        return True

    def _read_stored(self) -> bool:
        """Print the sessions that are stored by now; return whether there were any."""
        keys = {session_key(self.organization_id, one): one for one in self.pending}
        records = self.table.get_many(keys)
        for key, record in records.items():
            session_id = keys[key]
            number, conversation = self.pending.pop(session_id)
            if is_tombstone(record):
                reason = "was imported before and deleted; use another id"
                self._fail(number, f"{conversation.id}: {reason}")
            elif record.fingerprint != conversation.fingerprint:
                reason = "was imported before with another conversation; use another id"
                self._fail(number, f"{conversation.id}: {reason}")
            else:
                self.imported += 1
                result = {"id": conversation.id, "session_id": str(session_id.uuid)}
                print(json.dumps(result), file=self.out, flush=True)
        return bool(records)

    def _fail(self, number: int, reason: str) -> None:
        self.failed += 1
        self._log(f"line {number}: {reason}")

    def _report(self) -> None:
        """Log the progress, once a second."""
        if time.monotonic() - self.reported_at >= 1:
            self._log(f"{self.imported} of {self.sent} imported")
            self.reported_at = time.monotonic()

    def _log(self, text: str) -> None:
        print(text, file=self.log, flush=True)


def new_import(
    target: Target, stack_name: str, organization_id: OrganizationId, **options: Any
) -> Import:
    """Return an import into a deployed stack. Raises ``Failure`` if the stack lacks parts."""
    deployed = read_outputs(client(target, "cloudformation"), stack_name)
    if not deployed.import_queue_url:
        raise Failure(f"the stack {stack_name} has no import queue; deploy it again")
    table = stack_table(target, deployed)
    if IdentityService(table).organization(organization_id) is None:
        raise Failure(f"the stack {stack_name} has no organization {organization_id}")
    queue = ImportQueue(
        client(target, "sqs"), deployed.import_queue_url,
        client(target, "s3"), deployed.import_bucket,
    )  # fmt: skip
    return Import(organization_id=organization_id, queue=queue, table=table, **options)


def _organization(arguments: argparse.Namespace) -> OrganizationId:
    if arguments.organization:
        return organization_id_of(arguments.organization)
    if arguments.stack_name:
        raise Failure("ORG: must name an organization of the stack: ORG=…")
    file = running_stack(arguments).endpoint_file
    endpoint = Endpoint.read(file)
    if endpoint is None:
        raise Failure(f"{file} does not exist; start the stack: make run DETACH=1")
    return OrganizationId.parse(endpoint.organization_id)


def _kind(text: str) -> str:
    kinds = [kind.value for kind in KINDS]
    if text not in kinds:
        raise argparse.ArgumentTypeError(f"KIND: must be {' or '.join(kinds)}, not {text}")
    return text


def _main() -> int:
    parser = Parser(description=__doc__)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--kind", type=_kind, required=True)
    parser.add_argument("--name", help="version of the evaluation sessions; default: FILE's name")
    parser.add_argument("--organization")
    parser.add_argument("--stack-name", help="a stack in your AWS account; default: the local one")
    parser.add_argument("--patience", type=float, default=120, help="seconds without progress")
    add_stack_options(parser)
    arguments = parser.parse_args()
    if not arguments.file.exists() or arguments.file.is_dir():
        missing = "not a file" if arguments.file.exists() else "no such file"
        raise Failure(f"{missing}: {arguments.file}")
    try:
        run = new_import(
            None if arguments.stack_name else running_stack(arguments),
            arguments.stack_name or STACK_NAME,
            _organization(arguments),
            kind=SessionKind(arguments.kind),
            name=(arguments.name or arguments.file.stem)[:255],
            patience=arguments.patience,
        )
        with arguments.file.open("rb") as lines:
            return 0 if run.run(split_lines(lines)) else 1
    except (DomainError, ValueError, OSError, ClientError, BotoCoreError) as error:
        raise Failure(f"the import failed: {error}") from error


if __name__ == "__main__":
    run_task(_main)
