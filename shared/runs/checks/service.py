"""Check service: get and set the checks of a scenario."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.core.errors import InvalidInput, TooLarge
from shared.core.ids import OrganizationId
from shared.core.json import dumps
from shared.core.patterns import compile_pattern
from shared.runs.checks.domain import (
    MAX_CHECKS_BYTES,
    MAX_PATTERNS,
    ScenarioChecks,
)
from shared.runs.checks.repository import ChecksRepository
from shared.runs.checks.suggesting import suggest_checks
from shared.runs.checks.words import check_schema_itself
from shared.simulation.conversation import Conversation
from shared.storage.conditions import ExpectedVersion
from shared.storage.table import Table


class CheckService:
    """Checks of an organization's scenarios.

    Methods raise ``NotFound`` for a scenario that does not exist or belongs to another
    organization.
    """

    def __init__(self, table: Table) -> None:
        self._repository = ChecksRepository(table)

    def get(self, organization_id: OrganizationId, scenario_id: UUID) -> ScenarioChecks:
        """Return the checks of a scenario: one read, two if it has none."""
        return self._repository.get(organization_id, scenario_id)

    def suggest(
        self,
        organization_id: OrganizationId,
        scenario_id: UUID,
        conversation: Conversation,
        personal_values: Sequence[str],
    ) -> ScenarioChecks:
        """Return checks that are suggested for a scenario, not stored: one read."""
        self._repository.require_scenario(organization_id, scenario_id)
        suggested = suggest_checks(conversation, personal_values)
        return ScenarioChecks(
            organization_id=organization_id, scenario_id=scenario_id, checks=tuple(suggested)
        )

    def set(
        self,
        organization_id: OrganizationId,
        scenario_id: UUID,
        checks: tuple[dict[str, Any], ...],
        expected_version: ExpectedVersion = None,
    ) -> ScenarioChecks:
        """Replace the checks of a scenario: one read, one transaction.

        ``checks`` are documents in the form of the API. Raises ``InvalidInput`` for a pattern
        or a schema that cannot be used, or too many of them; ``TooLarge``; and
        ``PreconditionFailed`` for checks at another version than the expected one.
        """
        validate_checks(checks)
        return self._repository.set(organization_id, scenario_id, checks, expected_version)


def validate_checks(checks: tuple[dict[str, Any], ...]) -> None:
    """Raise ``InvalidInput`` or ``TooLarge`` for checks that could not be evaluated."""
    if len(dumps(checks).encode()) > MAX_CHECKS_BYTES:
        raise TooLarge(f"checks: must have at most {MAX_CHECKS_BYTES:,} bytes as JSON.")
    costly = [n for n, one in enumerate(checks) if one["type"] in ("pattern", "json_schema")]
    if len(costly) > MAX_PATTERNS:
        raise InvalidInput(f"checks: at most {MAX_PATTERNS} may be of pattern or json_schema.")
    for number in costly:
        check = checks[number]
        try:
            if check["type"] == "pattern":
                compile_pattern(check["pattern"])
            else:
                check_schema_itself(check["schema"])
        except InvalidInput as error:
            raise InvalidInput(f"checks.{number}.{error.message}") from error
