"""Message of the import queue.

``{"organization_id", "kind", "import", "sent_at", "conversation" | "object"}``: the
conversation, or, if it exceeds the size of a message, the key of its object in the import
bucket. A sender can write into any organization: grant the permission accordingly.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.clock import moment, timestamp
from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.core.json import loads_strict
from shared.imports.domain import KINDS, MAX_NAME_LENGTH
from shared.sessions.domain import SessionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Message with one conversation.

    Attributes
    ----------
    import_name
        Name of the import; evaluation sessions belong to a version of that name.
    sent_at
        Time of sending: the time of the session's events, equal in every try.
    conversation, object_key
        The conversation's JSON value, or the key of its object; one of the two.
    """

    organization_id: OrganizationId
    kind: SessionKind
    import_name: str
    sent_at: datetime
    conversation: Any = None
    object_key: str | None = None

    def to_body(self) -> str:
        """Return the body of a message, in ASCII: SQS rejects some characters."""
        content = (
            {"conversation": self.conversation}
            if self.object_key is None
            else {"object": self.object_key}
        )
        return json.dumps(
            {
                "organization_id": str(self.organization_id),
                "kind": self.kind.value,
                "import": self.import_name,
                "sent_at": timestamp(self.sent_at),
                **content,
            },
            separators=(",", ":"),
        )

    @classmethod
    def from_body(cls, body: str) -> "Envelope":
        """Parse what :meth:`to_body` wrote. Raises ``InvalidInput`` for anything else."""
        try:
            message = loads_strict(body)
            kind = SessionKind(message["kind"])
            if kind not in KINDS or ("conversation" in message) == ("object" in message):
                raise InvalidInput("message: must have a kind, and a conversation or object.")
            return cls(
                organization_id=OrganizationId.parse(message["organization_id"]),
                kind=kind,
                import_name=str(message["import"])[:MAX_NAME_LENGTH],
                sent_at=moment(message["sent_at"]),
                conversation=message.get("conversation"),
                object_key=message.get("object"),
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InvalidInput("message: must be an import message.") from error
