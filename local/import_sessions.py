"""`make import`: conversations captured elsewhere become sessions.

    python -m local.import_sessions --file FILE --kind agent|evaluation [--name NAME]

FILE holds one conversation a line: ``{"id", "messages", "agent"?, "tags"?}``, messages in the
OpenAI chat form. Each is sent to the stack's import queue, by way of its bucket where it is too
large for a message. Prints ``{"id", "session_id"}`` for each as soon as its session is there to
be read; progress and bad lines go to stderr. A bad line stops nothing, but the status is 1 then.

Into the local stack it goes for the organisation of its endpoint.json; with --stack-name into
one of your account, for --organization. A line sent before is the same session again.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError

from local.api_key import named_organization
from local.aws import Target, client
from local.console import Failure, run_task
from local.endpoint import Endpoint
from local.import_queue import ImportQueue
from local.outputs import read_outputs
from local.settings import STACK_NAME, add_stack_options, chosen_stack
from shared.agents.imported_events import agent_events
from shared.core.errors import DomainError
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import loads_strict
from shared.evaluations.imported_turns import result_events
from shared.identity.repository import IdentityRepository
from shared.imports.envelope import KINDS, Envelope
from shared.sessions.captured_conversations import CapturedConversation, read_conversation
from shared.sessions.capturing import check_size
from shared.sessions.deletion import is_deleted
from shared.sessions.documents import session_key
from shared.sessions.models import SessionKind
from shared.storage.table import Table

#: Sent, but not yet seen, at most: an import of any length stays small here.
_WINDOW = 500
#: Seconds between two looks for sessions.
_PAUSE = 0.2


@dataclass(slots=True)
class Import:
    """One run: what it sends where, and how far it is."""

    organization_id: OrganizationId
    kind: SessionKind
    name: str
    queue: ImportQueue
    table: Table
    #: Seconds without any news, after which what is awaited is given up.
    patience: float
    out: IO[str] = field(default_factory=lambda: sys.stdout)
    told: IO[str] = field(default_factory=lambda: sys.stderr)
    sent: int = 0
    imported: int = 0
    said_at: float = field(default_factory=time.monotonic)
    bad: int = 0
    awaited: dict[SessionId, tuple[int, CapturedConversation]] = field(default_factory=dict)
    seen: dict[str, tuple[int, str]] = field(default_factory=dict)

    def run(self, lines: Iterator[bytes]) -> bool:
        """Import all lines; return whether all of them are sessions now."""
        started = time.monotonic()
        for number, line in enumerate(lines, 1):
            if line.strip():
                self._line(number, line)
            if len(self.awaited) >= _WINDOW and not self._wait():
                self._refuse(number + 1, "this and all further lines are not sent")
                break
        self.queue.flush()
        while self.awaited and self._wait():
            pass
        for number, conversation in self.awaited.values():
            self._refuse(number, f"{conversation.id}: sent, but no session after "
                         f"{self.patience:.0f} s; see the stack's logs")  # fmt: skip
        seconds = time.monotonic() - started
        self._say(f"{self.imported} imported, {self.bad} bad, in {seconds:.1f} s")
        return not self.bad

    def _line(self, number: int, line: bytes) -> None:
        try:
            value = loads_strict(line)
            conversation = read_conversation(value)
            request = conversation.request(self.organization_id, self.kind)
            session_id = SessionId(request.uuid())
            self._check(session_id, conversation)
        except ValueError as error:
            return self._refuse(number, f"not JSON: {error}")
        except DomainError as error:
            return self._refuse(number, error.message)
        if conversation.id in self.seen:
            earlier, fingerprint = self.seen[conversation.id]
            if fingerprint != conversation.fingerprint:
                self._refuse(number, f"the id {conversation.id} is that of line {earlier}, "
                             "with another conversation")  # fmt: skip
            return None
        self.seen[conversation.id] = (number, conversation.fingerprint)
        kept = {key: value[key] for key in ("id", "messages", "agent", "tags") if key in value}
        self.awaited[session_id] = (number, conversation)
        self.queue.send(
            Envelope(
                organization_id=self.organization_id,
                kind=self.kind,
                import_name=self.name,
                sent_at=datetime.now(UTC),
                conversation=kept,
            )
        )
        self.sent += 1
        return None

    def _check(self, session_id: SessionId, conversation: CapturedConversation) -> None:
        """Raise what the function would raise over this conversation, before it is sent."""
        if self.kind is SessionKind.AGENT:
            check_size(agent_events(session_id, conversation))
        else:
            check_size(result_events(conversation))

    def _wait(self) -> bool:
        """Look for sessions until one is there; False when patience has come to its end."""
        self.queue.flush()
        deadline = time.monotonic() + self.patience
        while not self._look():
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        self._progress()
        return True

    def _look(self) -> bool:
        """Tell of the sessions that are there; return whether there were any."""
        keys = {session_key(self.organization_id, one): one for one in self.awaited}
        found = self.table.get_many(keys)
        for key, record in found.items():
            session_id = keys[key]
            number, conversation = self.awaited.pop(session_id)
            if is_deleted(record):
                self._refuse(number, f"{conversation.id} was imported before and deleted; "
                             "it can be again a week after that")  # fmt: skip
            elif record.fingerprint != conversation.fingerprint:
                self._refuse(number, f"{conversation.id} was imported before, "
                             "with another conversation")  # fmt: skip
            else:
                self.imported += 1
                told = {"id": conversation.id, "session_id": str(session_id.uuid)}
                print(json.dumps(told), file=self.out, flush=True)
        return bool(found)

    def _refuse(self, number: int, reason: str) -> None:
        self.bad += 1
        self._say(f"line {number}: {reason}")

    def _progress(self) -> None:
        """Say how far it is, once a second."""
        if time.monotonic() - self.said_at >= 1:
            self._say(f"{self.imported} of {self.sent} sent are sessions")
            self.said_at = time.monotonic()

    def _say(self, text: str) -> None:
        print(text, file=self.told, flush=True)


def prepared(
    target: Target, stack_name: str, organization_id: OrganizationId, **options: Any
) -> Import:
    """Return an import into a deployed stack. Raises ``Failure`` where it cannot be."""
    deployed = read_outputs(client(target, "cloudformation"), stack_name)
    if not deployed.import_queue_url:
        raise Failure(f"the stack {stack_name} has no import queue: deploy it anew")
    table = Table(client(target, "dynamodb"), deployed.table_name, shards=deployed.list_shards)
    if IdentityRepository(table).organization(organization_id) is None:
        raise Failure(f"the stack {stack_name} has no organization {organization_id}")
    queue = ImportQueue(
        client(target, "sqs"), deployed.import_queue_url,
        client(target, "s3"), deployed.import_bucket,
    )  # fmt: skip
    return Import(organization_id=organization_id, queue=queue, table=table, **options)


def _organization(arguments: argparse.Namespace) -> OrganizationId:
    if arguments.organization:
        return named_organization(arguments.organization)
    if arguments.stack_name:
        raise Failure("say for which organization: ORG=…")
    file = chosen_stack(arguments).endpoint_file
    endpoint = Endpoint.read(file)
    if endpoint is None:
        raise Failure(f"there is no {file} yet: make run DETACH=1")
    return OrganizationId.parse(endpoint.organization_id)


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--kind", choices=[kind.value for kind in KINDS], required=True)
    parser.add_argument("--name", help="of the version above evaluation sessions; FILE's name")
    parser.add_argument("--organization")
    parser.add_argument("--stack-name", help="a stack in your AWS account; else the local one")
    parser.add_argument("--patience", type=float, default=120, help="seconds without any news")
    add_stack_options(parser)
    arguments = parser.parse_args()
    try:
        run = prepared(
            None if arguments.stack_name else chosen_stack(arguments),
            arguments.stack_name or STACK_NAME,
            _organization(arguments),
            kind=SessionKind(arguments.kind),
            name=(arguments.name or arguments.file.stem)[:255],
            patience=arguments.patience,
        )
        with arguments.file.open("rb") as lines:
            return 0 if run.run(iter(lines)) else 1
    except (DomainError, ValueError, OSError, ClientError, BotoCoreError) as error:
        raise Failure(f"the import broke off: {error}") from error


if __name__ == "__main__":
    run_task(_main)
