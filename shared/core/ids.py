"""Typed identifiers: the only place that creates, formats and parses them.

Every identifier is a UUID. Each surface formats it in its own way: ``session_`` and
32 lowercase hexadecimal digits, or the UUID with dashes. New identifiers are UUIDv7
(RFC 9562), which sort by time of creation. Identifiers derived from an idempotency key are
UUIDv8, the version for custom constructions.
"""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any, ClassVar, NewType, Self
from uuid import UUID

from uuid6 import uuid7

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import core_schema

_HEX = re.compile(r"[0-9a-f]{32}")


def new_uuid() -> UUID:
    """Return a new time-ordered UUID (version 7)."""
    return UUID(int=uuid7().int)


def derived_uuid(*parts: str) -> UUID:
    """Return the UUID (version 8) derived from these parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    number = int.from_bytes(digest[:16])
    number = number & ~(0xF << 76) | 8 << 76
    return UUID(int=number & ~(0x3 << 62) | 2 << 62)


class TypedId:
    """A UUID with the type of its entity, formatted as ``<prefix>_<32 hex>``.

    Not a dataclass: FastAPI takes those for bodies, and ids are path parameters.
    """

    __slots__ = ("uuid",)

    prefix: ClassVar[str]
    label: ClassVar[str]

    def __init_subclass__(cls, prefix: str, label: str = "") -> None:
        cls.prefix, cls.label = prefix, label or prefix

    def __init__(self, uuid: UUID) -> None:
        self.uuid = uuid

    @classmethod
    def new(cls) -> Self:
        return cls(new_uuid())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the id of ``<prefix>_<32 lowercase hex>``, of any UUID version.

        Raises ``ValueError`` for any other text.
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
        cls, source: Any, handler: "GetCoreSchemaHandler"
    ) -> "core_schema.CoreSchema":
        # Triggers and the authorizer use ids, but no models: they start without Pydantic.
        from pydantic_core import PydanticCustomError, core_schema  # noqa: PLC0415

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
        return {
            "type": "string",
            "pattern": f"^{cls.prefix}_[0-9a-f]{{32}}$",
            "maxLength": len(cls.prefix) + 33,
        }


class OrganizationId(TypedId, prefix="org", label="organization"):
    """The tenant of an API key."""


class ApiKeyId(TypedId, prefix="key", label="API key"):
    """An API key, without its secret."""


class UploadId(TypedId, prefix="upload"):
    """An upload of a captured conversation, before it is imported."""


class AgentId(TypedId, prefix="agent"):
    """An agent."""


class ModelId(TypedId, prefix="model"):
    """A model in the stack's registry."""


class SessionId(TypedId, prefix="session"):
    """A session of any kind; the playground formats it as a UUID with dashes."""


def session_id_in_any_form(text: str) -> SessionId:
    """Return the session id of a text in the form of any surface: prefixed, or a UUID.

    Raises ``ValueError`` for any other text.
    """
    return SessionId.parse(text) if text.startswith("session_") else SessionId(UUID(text))


class MessageId(TypedId, prefix="message"):
    """A message of an agent session."""


class EventId(TypedId, prefix="event"):
    """An event of a session's log; see ``shared.sessions.domain.event_id``."""


class TurnId(TypedId, prefix="turn"):
    """One run of an agent, from a message to its answer."""


class ProductId(TypedId, prefix="product"):
    """A product under evaluation."""


class VersionId(TypedId, prefix="version"):
    """A version of a product."""


class TestId(TypedId, prefix="test"):
    """A test of a product: a set of test cases."""


class TestCaseId(TypedId, prefix="testCase", label="test case"):
    """A case of a test."""


class MetricId(TypedId, prefix="metric"):
    """A way to score what is evaluated."""


class EvaluationRunId(TypedId, prefix="evaluationRun", label="evaluation run"):
    """A group of sessions and evaluations of a product."""


class InferenceResultId:
    """A turn of an evaluation session, formatted as ``ir_`` and 40 hexadecimal digits.

    32 digits of the session and 8 of the turn's sequence in its log, so that reading a turn
    needs no index. Sequences end at 2**32 - 1.
    """

    __slots__ = ("sequence", "session_id")

    _FORM = re.compile(r"ir_([0-9a-f]{32})([0-9a-f]{8})")

    def __init__(self, session_id: SessionId, sequence: int) -> None:
        self.session_id = session_id
        self.sequence = sequence

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the id of a text in that form. Raises ``ValueError`` for any other."""
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


class EvaluationId:
    """A score of an evaluation session, formatted as ``ev_`` and 32 characters of base64url.

    16 bytes of the session and 8 of its own, so that reading it needs no index. Shorter than
    in hexadecimal: clients poll 200 of them in one URL.
    """

    __slots__ = ("number", "session_id")

    _FORM = re.compile(r"ev_[A-Za-z0-9_-]{32}")

    def __init__(self, session_id: SessionId, number: int) -> None:
        self.session_id = session_id
        self.number = number

    @classmethod
    def of(cls, session_id: SessionId, uuid: UUID) -> Self:
        """Return the id with the last 8 bytes of a UUID."""
        return cls(session_id, uuid.int & (1 << 64) - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the id of a text in that form. Raises ``ValueError`` for any other."""
        if not cls._FORM.fullmatch(text):
            raise ValueError("expected ev_ and 32 characters of base64url")
        digits = urlsafe_b64decode(text[3:])
        return cls(SessionId(UUID(bytes=digits[:16])), int.from_bytes(digits[16:]))

    @property
    def hex(self) -> str:
        return f"{self.session_id.hex}{self.number:016x}"

    def __str__(self) -> str:
        return f"ev_{urlsafe_b64encode(bytes.fromhex(self.hex)).decode()}"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.hex == self.hex

    def __hash__(self) -> int:
        return hash((self.session_id, self.number))


#: Plain UUIDs, which the API formats with dashes.
WorkflowId = NewType("WorkflowId", UUID)
RevisionId = NewType("RevisionId", UUID)
