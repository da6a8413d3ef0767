"""Checks repository: the checks of a scenario, in its partition."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from shared.core.errors import NotFound, PreconditionFailed
from shared.core.ids import OrganizationId
from shared.runs.checks.documents import ChecksCodec
from shared.runs.checks.domain import ScenarioChecks
from shared.simulation.scenario_keys import scenario_key
from shared.storage.conditions import ExpectedVersion, check_version
from shared.storage.contention import ConditionFailed, retry_on_contention
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone
from shared.storage.transactions import Action, Check, Create, Replace, transact


class ChecksRepository:
    """Checks of scenarios, an item each. A delete of the scenario removes them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._codec = ChecksCodec()

    def get(self, organization_id: OrganizationId, scenario_id: UUID) -> ScenarioChecks:
        """Return the checks of a scenario: one read, two if it has none.

        Raises ``NotFound`` for an unknown scenario.
        """
        record = self._table.get(self._codec.key(organization_id, scenario_id))
        if record is not None:
            return self._codec.from_record(record)
        self.require_scenario(organization_id, scenario_id)
        return ScenarioChecks(organization_id=organization_id, scenario_id=scenario_id, version=0)

    def require_scenario(self, organization_id: OrganizationId, scenario_id: UUID) -> None:
        """Raise ``NotFound`` for an unknown scenario: one read."""
        scenario = self._table.get(scenario_key(organization_id, scenario_id))
        if scenario is None or is_tombstone(scenario):
            raise _no_scenario()

    def set(
        self,
        organization_id: OrganizationId,
        scenario_id: UUID,
        checks: tuple[dict[str, Any], ...],
        expected_version: ExpectedVersion = None,
    ) -> ScenarioChecks:
        """Replace the checks of a scenario: one read, one transaction.

        Nothing is written where they are the same already. Raises ``NotFound`` for an unknown
        scenario, and ``PreconditionFailed`` for checks at another version.
        """
        return retry_on_contention(
            self._table.sleep,
            lambda: self._set(organization_id, scenario_id, checks, expected_version),
        )

    def _set(
        self,
        organization_id: OrganizationId,
        scenario_id: UUID,
        checks: tuple[dict[str, Any], ...],
        expected_version: ExpectedVersion,
    ) -> ScenarioChecks:
        current = self._table.get(self._codec.key(organization_id, scenario_id))
        following = ScenarioChecks(
            organization_id=organization_id, scenario_id=scenario_id, checks=checks
        )
        if current is None:
            if expected_version is not None:
                self.require_scenario(organization_id, scenario_id)
                raise PreconditionFailed
            action: Action = Create(self._codec.to_record(following))
        else:
            check_version(expected_version, current.version)
            if current.body["checks"] == list(checks):
                return self._codec.from_record(current)
            following = replace(following, version=current.version + 1)
            action = Replace(self._codec.to_record(following), current.version)
        try:
            transact(self._table, [action, Check(scenario_key(organization_id, scenario_id))])
        except ConditionFailed as failed:
            if 1 in failed.existing:
                raise _no_scenario() from failed
            raise
        return following


def _no_scenario() -> NotFound:
    return NotFound("Scenario not found")
