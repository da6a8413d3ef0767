"""Typed identifiers: made, shown and parsed here and nowhere else.

Every identifier is a UUID. Each surface shows it in its own form: ``session_`` and
32 lowercase hexadecimal digits, or the UUID with dashes. New identifiers are UUIDv7
(RFC 9562), so that they sort by time of creation. Identifiers derived from an
idempotency key are UUIDv8, the version RFC 9562 reserves for an application's own
construction.
"""

import hashlib
import re
from typing import Any, ClassVar, NewType, Self
from uuid import UUID

from pydantic import GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema
from uuid6 import uuid7

_HEX = re.compile(r"[0-9a-f]{32}")


def new_uuid() -> UUID:
    """Return a new time-ordered UUID (version 7)."""
    return UUID(int=uuid7().int)


def derived_uuid(*parts: str) -> UUID:
    """Return the UUID (version 8) that always belongs to these parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    number = int.from_bytes(digest[:16])
    number = number & ~(0xF << 76) | 8 << 76
    return UUID(int=number & ~(0x3 << 62) | 2 << 62)


class TypedId:
    """A UUID that knows what it names, and is shown as ``<prefix>_<32 hex>``.

    Not a dataclass: FastAPI takes those for bodies, and an id stands in paths.
    """

    __slots__ = ("uuid",)

    prefix: ClassVar[str]
    label: ClassVar[str]

    def __init__(self, uuid: UUID) -> None:
        self.uuid = uuid

    @classmethod
    def new(cls) -> Self:
        return cls(new_uuid())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``<prefix>_<32 lowercase hex>``.

        Any 32 lowercase hexadecimal digits are taken, whatever UUID version they
        claim. Raises ``ValueError`` for everything else.
        """
        prefix, _, digits = text.partition("_")
        if prefix != cls.prefix or not _HEX.fullmatch(digits):
            raise ValueError(f"expected {cls.prefix}_ and 32 lowercase hexadecimal digits")
        return cls(UUID(hex=digits))

    @property
    def hex(self) -> str:
        return self.uuid.hex

    def __str__(self) -> str:
        return f"{self.prefix}_{self.uuid.hex}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.uuid == self.uuid

    def __hash__(self) -> int:
        return hash(self.uuid)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        def read(value: Any) -> TypedId:
            if isinstance(value, cls):
                return value
            try:
                return cls.parse(value)
            except (ValueError, AttributeError, TypeError) as error:  # not of this form, no text
                raise PydanticCustomError(
                    "invalid_id",
                    "Invalid {label} ID: expected {prefix}_ and 32 lowercase hexadecimal digits",
                    {"label": cls.label, "prefix": cls.prefix},
                ) from error

        return core_schema.no_info_plain_validator_function(
            read,
            serialization=core_schema.to_string_ser_schema(),
            json_schema_input_schema=core_schema.str_schema(
                pattern=f"^{cls.prefix}_[0-9a-f]{{32}}$"
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{cls.prefix}_[0-9a-f]{{32}}$"}


class OrganizationId(TypedId):
    """The tenant that owns everything a key can reach."""

    __slots__ = ()

    prefix = "org"
    label = "organization"


class ApiKeyId(TypedId):
    """An API key, without its secret."""

    __slots__ = ()

    prefix = "key"
    label = "API key"


class AgentId(TypedId):
    """An agent."""

    __slots__ = ()

    prefix = "agent"
    label = "agent"


class ModelId(TypedId):
    """A model in the stack's registry."""

    __slots__ = ()

    prefix = "model"
    label = "model"


class SessionId(TypedId):
    """A session of any kind; the playground shows it as a UUID with dashes."""

    __slots__ = ()

    prefix = "session"
    label = "session"


def session_id_in_any_form(text: str) -> SessionId:
    """Read a session's id as any surface shows it: prefixed, or as a UUID.

    Raises ``ValueError`` for anything else.
    """
    return SessionId.parse(text) if text.startswith("session_") else SessionId(UUID(text))


class MessageId(TypedId):
    """A message of an agent session."""

    __slots__ = ()

    prefix = "message"
    label = "message"


class EventId(TypedId):
    """An entry of a session's event log; see ``shared.sessions.models.event_id``."""

    __slots__ = ()

    prefix = "event"
    label = "event"


class TurnId(TypedId):
    """One run of an agent, from a message to its answer."""

    __slots__ = ()

    prefix = "turn"
    label = "turn"


class ProductId(TypedId):
    """A product under evaluation."""

    __slots__ = ()

    prefix = "product"
    label = "product"


class VersionId(TypedId):
    """A version of a product."""

    __slots__ = ()

    prefix = "version"
    label = "version"


class TestId(TypedId):
    """A test of a product: a set of test cases."""

    __slots__ = ()

    prefix = "test"
    label = "test"


class TestCaseId(TypedId):
    """A case of a test."""

    __slots__ = ()

    prefix = "testCase"
    label = "test case"


class InferenceResultId:
    """A turn of an evaluation session, shown as ``ir_`` and 40 hexadecimal digits.

    32 digits of the session and 8 of the turn's sequence in its log: the id tells where
    the turn is stored, so that reading one needs no index. Sequences end at 2**32 - 1.
    """

    __slots__ = ("sequence", "session_id")

    _FORM = re.compile(r"ir_([0-9a-f]{32})([0-9a-f]{8})")

    def __init__(self, session_id: SessionId, sequence: int) -> None:
        self.session_id = session_id
        self.sequence = sequence

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str`` writes. Raises ``ValueError`` for everything else."""
        found = cls._FORM.fullmatch(text)
        if found is None or int(found[2], 16) == 0:
            raise ValueError("expected ir_ and 40 lowercase hexadecimal digits")
        return cls(SessionId(UUID(hex=found[1])), int(found[2], 16))

    def __str__(self) -> str:
        return f"ir_{self.session_id.hex}{self.sequence:08x}"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and str(other) == str(self)

    def __hash__(self) -> int:
        return hash((self.session_id, self.sequence))


#: A workflow and a revision of one: plain UUIDs, which the API takes and shows with dashes.
WorkflowId = NewType("WorkflowId", UUID)
RevisionId = NewType("RevisionId", UUID)
