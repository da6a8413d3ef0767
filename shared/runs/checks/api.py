"""Request and response models of checks."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, GetJsonSchemaHandler, TypeAdapter, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from shared.core.api_types import Line, SessionUuid, at_most_bytes, is_none
from shared.runs.checks.domain import (
    MAX_CALLS,
    MAX_CHECKS,
    MAX_TEXT,
    Match,
    ScenarioChecks,
    Span,
    Speaker,
)

#: Bytes of arguments, and of a schema, as JSON.
_MAX_BYTES = 16_000
#: Largest count in a check.
_MAX_COUNT = 1_000_000

Tool = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
Arguments = Annotated[dict[str, Any], at_most_bytes(_MAX_BYTES)]
Schema = Annotated[dict[str, Any], at_most_bytes(_MAX_BYTES)]
Count = Annotated[int, Field(ge=0, le=_MAX_COUNT)]


class CallToExpect(BaseModel, extra="forbid"):
    """Tool call to compare with."""

    tool: Tool
    """Name of the tool."""

    arguments: Arguments | None = Field(None, exclude_if=is_none)
    """Arguments that the call must have; without them, any."""

    match: Match = "meaning"
    """Comparison of arguments. `meaning`: those that are named here must be equal apart from
    case, white space, number or text, and notation of a date; others are ignored, and lists of
    plain values may be in another order. Objects and lists may be given as text. `exact`: equal
    JSON, without others.
    """


class ToolCalledCheck(CallToExpect):
    """Passes if the tool was called with these arguments, whatever its answer."""

    type: Literal["tool_called"]
    """Kind of the check."""

    min: Count = 1
    """Least number of such calls."""

    max: Count | None = Field(None, exclude_if=is_none)
    """Greatest number of such calls; without it, any."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.max is not None and self.max < self.min:
            raise PydanticCustomError("max_below_min", "max must not be less than min")
        return self


class ToolNotCalledCheck(CallToExpect):
    """Passes if the tool was not called, or not with these arguments."""

    type: Literal["tool_not_called"]
    """Kind of the check."""


class ToolOrderCheck(BaseModel, extra="forbid"):
    """Passes if these calls were made in this order; others may stand between them."""

    type: Literal["tool_order"]
    """Kind of the check."""

    calls: list[CallToExpect] = Field(min_length=2, max_length=MAX_CALLS)
    """Calls in their order."""


class EndStateCheck(BaseModel, extra="forbid"):
    """Passes if the calls that changed something are these, in any order, and no others.

    A call that was answered with an error changes nothing. A change that the recorded world has
    no answer to makes the check undecided.
    """

    type: Literal["end_state"]
    """Kind of the check."""

    calls: list[CallToExpect] = Field(max_length=MAX_CALLS)
    """Changes to expect; empty if nothing may change."""

    tools: list[Tool] | None = Field(None, max_length=MAX_CALLS, exclude_if=is_none)
    """Names of the tools that change something; without them, those whose name begins with a
    verb of change, such as `cancel`, `update` or `send`.
    """


class SaysCheck(BaseModel, extra="forbid"):
    """`says` passes if a message contains the text, `says_not` if none does."""

    type: Literal["says", "says_not"]
    """Kind of the check."""

    text: Text
    """Text to find, apart from case, white space, emphasis, and separators of thousands."""

    by: Speaker = "agent"
    """Author of the messages."""


class PatternCheck(BaseModel, extra="forbid"):
    """Passes if a message matches the pattern."""

    type: Literal["pattern"]
    """Kind of the check."""

    pattern: Text
    """Regular expression in the syntax of RE2; `(?i)` in front ignores case."""

    by: Speaker = "agent"
    """Author of the messages."""

    absent: bool = False
    """Passes if no message matches instead."""


class JsonSchemaCheck(BaseModel, extra="forbid"):
    """Passes if the agent's last message is JSON that fits the schema."""

    type: Literal["json_schema"]
    """Kind of the check."""

    json_schema: Schema = Field(alias="schema")
    """JSON Schema without references, 16,000 bytes at most."""

    tool: Tool | None = Field(None, exclude_if=is_none)
    """Tool whose arguments must fit instead, in each call."""


class EndsCheck(BaseModel, extra="forbid"):
    """Passes if the conversation ended for one of the reasons."""

    type: Literal["ends"]
    """Kind of the check."""

    reasons: list[Line] | None = Field(None, min_length=1, max_length=20, exclude_if=is_none)
    """Reasons, as a simulation names them; without them, any but `MAX_TURNS_REACHED`."""


class CountCheck(BaseModel, extra="forbid"):
    """Passes up to a number of turns, of tool calls, or of the target's tokens."""

    type: Literal["max_turns", "max_tool_calls", "max_tokens"]
    """Kind of the check."""

    max: Annotated[int, Field(ge=0, le=1_000_000_000)]
    """Greatest number."""


class SecondsCheck(BaseModel, extra="forbid"):
    """Passes up to a time that the target takes to answer."""

    type: Literal["max_seconds"]
    """Kind of the check."""

    max: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
    """Greatest number of seconds."""

    per: Span = Span.CONVERSATION
    """All answers together, or each of them."""


class CostCheck(BaseModel, extra="forbid"):
    """Passes up to a cost that the target reports; undecided if it reports none."""

    type: Literal["max_cost_usd"]
    """Kind of the check."""

    max: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
    """Greatest cost in dollars."""


Check = Annotated[
    ToolCalledCheck
    | ToolNotCalledCheck
    | ToolOrderCheck
    | EndStateCheck
    | SaysCheck
    | PatternCheck
    | JsonSchemaCheck
    | EndsCheck
    | CountCheck
    | SecondsCheck
    | CostCheck,
    Field(discriminator="type"),
]


class ScenarioChecksRequest(BaseModel, extra="forbid"):
    """Checks that replace those of the scenario."""

    checks: list[Check] = Field(max_length=MAX_CHECKS)
    """Checks in the order in which their results are shown; 64,000 bytes as JSON at most, and
    at most 10 of `pattern` and `json_schema`.
    """

    def documents(self) -> tuple[dict[str, Any], ...]:
        return tuple(one.model_dump(mode="json", by_alias=True) for one in self.checks)


class _Described:
    """Description of stored checks by the models of a request, without their limits."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(TypeAdapter(list[Check]).core_schema)


class ScenarioChecksResponse(BaseModel):
    """Checks of a scenario."""

    scenario_id: UUID
    """Scenario of the checks."""

    checks: Annotated[list[dict[str, Any]], _Described]
    """Checks in the order in which their results are shown."""

    @classmethod
    def of(cls, checks: ScenarioChecks) -> "ScenarioChecksResponse":
        return cls(scenario_id=checks.scenario_id, checks=list(checks.checks))


class SuggestedChecksParameters(BaseModel, extra="forbid"):
    """Session to suggest checks from."""

    session_id: SessionUuid
    """Agent, playground or evaluation session: its UUID, or `session_` and 32 hexadecimal
    digits.
    """
