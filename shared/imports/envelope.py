"""What stands in a message of the import queue.

``{"organization_id", "kind", "import", "sent_at", "conversation" | "object"}``: the
conversation itself, or, where it is too large for a message, the key of the object in the
import bucket that holds it. Whoever may write to the queue writes into any organisation: the
permission to send is given accordingly.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.clock import moment, timestamp
from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.core.json import loads_strict
from shared.sessions.models import SessionKind

#: Kinds of sessions that conversations can become.
KINDS = (SessionKind.AGENT, SessionKind.EVALUATION)
MAX_NAME_LENGTH = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One conversation on its way.

    Attributes
    ----------
    import_name
        What the conversations of one import have in common; a version of that name
        stands above evaluation sessions.
    sent_at
        When it was sent: the time of the session's events, of each try the same.
    conversation, object_key
        The conversation's JSON value, or where it is; one of the two.
    """

    organization_id: OrganizationId
    kind: SessionKind
    import_name: str
    sent_at: datetime
    conversation: Any = None
    object_key: str | None = None

    def to_body(self) -> str:
        """Write a message's body; in ASCII, since a queue does not take every character."""
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
        """Read what :meth:`to_body` wrote. Raises ``InvalidInput`` for anything else."""
        try:
            told = loads_strict(body)
            kind = SessionKind(told["kind"])
            if kind not in KINDS or ("conversation" in told) == ("object" in told):
                raise InvalidInput("The message names no kind, or not one conversation.")
            return cls(
                organization_id=OrganizationId.parse(told["organization_id"]),
                kind=kind,
                import_name=str(told["import"])[:MAX_NAME_LENGTH],
                sent_at=moment(told["sent_at"]),
                conversation=told.get("conversation"),
                object_key=told.get("object"),
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InvalidInput("The message is not one of this queue.") from error
