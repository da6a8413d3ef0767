"""Request and response models of personas (Feather API)."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.core.api_types import Cursor, Line, Paragraph, at_most_bytes
from shared.runs.personas.domain import Persona, PersonaContent, PersonaQuery

#: Bytes of the traits as JSON: with the texts they fit into a stored item.
MAX_TRAITS_BYTES = 100_000

Name = Annotated[str, Field(min_length=1, max_length=255)]
Body = Annotated[str, Field(min_length=1, max_length=20_000)]
Traits = Annotated[dict[str, Any], at_most_bytes(MAX_TRAITS_BYTES)]
Backchannels = Annotated[list[Line], Field(max_length=100)]


class FirstSpeaker(StrEnum):
    """Side that opens the conversation."""

    PERSONA = "persona"
    AGENT = "agent"


class BackgroundNoise(StrEnum):
    """Noise behind a voice."""

    NONE = "none"
    OFFICE = "office"
    CAFE = "cafe"
    CITY = "city"
    KEYBOARD_TYPING = "keyboard_typing"


class InterruptionMode(StrEnum):
    """Frequency of interruptions by a voice."""

    OFF = "off"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class BackchannelStyle(StrEnum):
    """Manner of a listening voice."""

    NEUTRAL = "neutral"
    IMPATIENT = "impatient"
    POLITE = "polite"


class PersonaCutInConfig(BaseModel, extra="forbid"):
    """Interruptions of the agent by the persona's voice; no effect on text."""

    min_words: int = Field(default=3, ge=0, le=20)
    """Words of the agent before an interruption, at least."""

    min_duration_ms: int = Field(default=300, ge=0, le=10_000)
    """Milliseconds of the agent's speech before an interruption, at least."""

    backoff_ms: int = Field(default=1000, ge=0, le=10_000)
    """Milliseconds between two interruptions, at least."""


class PersonaYieldConfig(BaseModel, extra="forbid"):
    """End of the persona's speech when the agent starts to talk; no effect on text."""

    after_words: int | None = Field(default=2, ge=1, le=20)
    """Words of the agent after which the persona is silent; null turns the rule off."""

    after_seconds: float | None = Field(default=0.5, ge=0.1, le=10.0)
    """Seconds after which the persona is silent; null turns the rule off."""


class PersonaBehaviorConfig(BaseModel, extra="forbid"):
    """Behavior of a persona. Text uses `first_speaker` and `language`; the rest is for voice."""

    first_speaker: FirstSpeaker = FirstSpeaker.AGENT
    """Side that opens the conversation; an agent that waits for text gets the persona's."""

    cut_in: PersonaCutInConfig = Field(default_factory=PersonaCutInConfig)
    """Interruptions of the agent."""

    language: str | None = Field(default=None, max_length=20)
    """Language of the persona as a BCP 47 tag; null for that of the scenario."""

    background_noise: BackgroundNoise = BackgroundNoise.NONE
    """Noise behind the voice."""

    background_noise_volume: float = Field(default=0.3, ge=0.0, le=1.0)
    """Volume of the noise, from 0 to 1."""

    wait_seconds: float = Field(default=0.0, ge=0.0, le=30.0)
    """Seconds before the first words."""

    yield_on_overlap: PersonaYieldConfig = Field(default_factory=PersonaYieldConfig)
    """End of the persona's speech when both talk."""

    interruption_mode: InterruptionMode = InterruptionMode.OFF
    """Frequency of interruptions."""

    backchannel_style: BackchannelStyle = BackchannelStyle.NEUTRAL
    """Manner of the words that show attention."""

    backchannel_overrides: Backchannels | None = None
    """Words that show attention, in place of those of the style."""

    reaction_pause_ms_min: int = Field(default=200, ge=0, le=5_000)
    """Shortest pause before an answer, in milliseconds."""

    reaction_pause_ms_max: int = Field(default=500, ge=0, le=5_000)
    """Longest pause before an answer, in milliseconds."""


class PersonaCreate(BaseModel, extra="forbid"):
    """Persona to create."""

    name: Name
    """Name for people; need not be unique."""

    description: Paragraph | None = None
    """Purpose of the persona."""

    is_active: bool = True
    """False for a persona that is not used in new runs."""

    body: Body
    """Description of the person to the model that plays it."""

    traits: Traits = Field(default_factory=dict)
    """Further traits, given to the model; at most 100,000 bytes as JSON."""

    behavior_config: PersonaBehaviorConfig = Field(default_factory=PersonaBehaviorConfig)
    """Behavior in a conversation."""

    def content(self) -> PersonaContent:
        return PersonaContent(
            name=self.name,
            description=self.description,
            is_active=self.is_active,
            body=self.body,
            traits=self.traits,
            behavior=self.behavior_config.model_dump(mode="json"),
        )


class PersonaUpdate(BaseModel, extra="forbid"):
    """Changes of a persona; omitted fields stay unchanged. Null is for `description` only."""

    name: Name | None = None
    """New name."""

    description: Paragraph | None = None
    """New description; null removes it."""

    is_active: bool | None = None
    """Use in new runs."""

    body: Body | None = None
    """New description of the person."""

    traits: Traits | None = None
    """Replaces all traits; at most 100,000 bytes as JSON."""

    behavior_config: PersonaBehaviorConfig | None = None
    """Replaces the whole behavior."""

    @model_validator(mode="after")
    def _check_nulls(self) -> "PersonaUpdate":
        for name in self.model_fields_set - {"description"}:
            if getattr(self, name) is None:
                raise PydanticCustomError(
                    "not_nullable",
                    "{name}: must not be null; omit the field to leave it unchanged",
                    {"name": name},
                )
        return self

    def changes(self) -> dict[str, Any]:
        """Return the changes as fields of ``PersonaContent``."""
        changes = self.model_dump(mode="json", exclude_unset=True, exclude={"behavior_config"})
        if self.behavior_config is not None:
            changes["behavior"] = self.behavior_config.model_dump(mode="json")
        return changes


class PersonaListParameters(BaseModel):
    """Filters of a persona list; all must match, unknown parameters are rejected."""

    model_config = ConfigDict(extra="forbid")

    search: Line | None = None
    """Only personas with this text in name or description, in upper or lower case."""

    is_active: bool | None = None
    """Only personas that are active, or that are not."""

    limit: int = Field(default=50, ge=1, le=200)
    """Personas in one page, at most; fewer if they are large or few match."""

    cursor: Cursor | None = None
    """`next_cursor` of the previous page, with the same filters."""

    def filters(self) -> dict[str, Any]:
        """Return the filters that a cursor is bound to."""
        return self.model_dump(exclude={"limit", "cursor"}, exclude_none=True)

    def to_query(self, after: str | None) -> PersonaQuery:
        return PersonaQuery(**self.model_dump(exclude={"cursor"}), after=after)


class PersonaResponse(BaseModel):
    """Stored persona."""

    id: UUID
    """Id of the persona."""

    organization_id: UUID
    """Organization that owns the persona."""

    name: str
    """Name for people."""

    description: str | None
    """Purpose of the persona."""

    is_active: bool
    """False if it is not used in new runs."""

    body: str
    """Description of the person to the model that plays it."""

    traits: dict[str, Any]
    """Further traits."""

    behavior_config: PersonaBehaviorConfig
    """Behavior in a conversation."""

    cloned_from_id: UUID | None = None
    """Always null: this service does not clone personas."""

    created_by: str | None
    """API key that created the persona."""

    created_at: datetime
    """Time of creation."""

    updated_at: datetime
    """Time of the last change."""

    @classmethod
    def of(cls, persona: Persona) -> "PersonaResponse":
        content = persona.content
        return cls(
            id=persona.id,
            organization_id=persona.organization_id.uuid,
            name=content.name,
            description=content.description,
            is_active=content.is_active,
            body=content.body,
            traits=content.traits,
            behavior_config=PersonaBehaviorConfig.model_validate(content.behavior),
            created_by=persona.created_by,
            created_at=persona.created_at,
            updated_at=persona.updated_at,
        )
