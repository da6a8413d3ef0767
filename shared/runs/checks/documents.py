"""Check documents: JSON of the API and of the table, to checks and back."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from shared.core.ids import OrganizationId
from shared.runs.checks.domain import (
    Check,
    Ends,
    EndState,
    ExpectedCall,
    JsonSchema,
    Limit,
    Pattern,
    Says,
    ScenarioChecks,
    Span,
    ToolCalled,
    ToolNotCalled,
    ToolOrder,
)
from shared.simulation.scenario_keys import checks_key
from shared.storage.codec import Codec
from shared.storage.records import Key, Record

CHECKS = "scenario_checks"


def _call(document: Mapping[str, Any]) -> ExpectedCall:
    return ExpectedCall(
        tool=document["tool"],
        arguments=document.get("arguments"),
        match=document.get("match", "meaning"),
    )


def _calls(document: Mapping[str, Any]) -> tuple[ExpectedCall, ...]:
    return tuple(map(_call, document["calls"]))


def _names(document: Mapping[str, Any], field: str) -> tuple[str, ...] | None:
    return None if document.get(field) is None else tuple(document[field])


def _limit(document: Mapping[str, Any]) -> Limit:
    return Limit(
        measure=document["type"].removeprefix("max_"),
        max=document["max"],
        per=Span(document.get("per", Span.CONVERSATION)),
    )


def _called(document: Mapping[str, Any]) -> ToolCalled:
    return ToolCalled(call=_call(document), min=document.get("min", 1), max=document.get("max"))


def _says(document: Mapping[str, Any]) -> Says:
    absent = document["type"] == "says_not"
    return Says(text=document["text"], by=document.get("by", "agent"), absent=absent)


def _pattern(document: Mapping[str, Any]) -> Pattern:
    return Pattern(
        pattern=document["pattern"],
        by=document.get("by", "agent"),
        absent=document.get("absent", False),
    )


_PARSERS: dict[str, Callable[[Mapping[str, Any]], Check]] = {
    "tool_called": _called,
    "tool_not_called": lambda document: ToolNotCalled(call=_call(document)),
    "tool_order": lambda document: ToolOrder(calls=_calls(document)),
    "end_state": lambda document: EndState(calls=_calls(document), tools=_names(document, "tools")),
    "says": _says,
    "says_not": _says,
    "pattern": _pattern,
    "json_schema": lambda document: JsonSchema(
        schema=document["schema"], tool=document.get("tool")
    ),
    "ends": lambda document: Ends(reasons=_names(document, "reasons")),
    "max_turns": _limit,
    "max_tool_calls": _limit,
    "max_seconds": _limit,
    "max_tokens": _limit,
    "max_cost_usd": _limit,
}


def parse_check(document: Mapping[str, Any]) -> Check:
    """Return the check of a valid document."""
    return _PARSERS[document["type"]](document)


class ChecksCodec(Codec[ScenarioChecks, UUID]):
    """Codec of the checks of a scenario, an item in its partition."""

    type = CHECKS
    label = "Checks"

    def key(self, organization_id: OrganizationId, identifier: UUID) -> Key:
        return checks_key(organization_id, identifier)

    def to_record(self, entity: ScenarioChecks) -> Record:
        return Record(
            key=self.key(entity.organization_id, entity.scenario_id),
            type=CHECKS,
            version=entity.version,
            body={
                "organization_id": entity.organization_id.hex,
                "scenario_id": entity.scenario_id.hex,
                "checks": list(entity.checks),
            },
        )

    def from_record(self, record: Record) -> ScenarioChecks:
        body = record.body
        return ScenarioChecks(
            organization_id=OrganizationId(UUID(body["organization_id"])),
            scenario_id=UUID(body["scenario_id"]),
            checks=tuple(body["checks"]),
            version=record.version,
        )
