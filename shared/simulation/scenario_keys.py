"""Keys of the items in a scenario's partition: the scenario, and its checks."""

from uuid import UUID

from shared.core.ids import OrganizationId
from shared.storage.records import Key


def scenario_key(organization_id: OrganizationId, scenario_id: UUID) -> Key:
    """Return the key of a scenario."""
    return Key(f"{organization_id}#scenario#{scenario_id.hex}", "scenario")


def checks_key(organization_id: OrganizationId, scenario_id: UUID) -> Key:
    """Return the key of a scenario's checks, which are deleted with it."""
    return Key(scenario_key(organization_id, scenario_id).partition, "checks")
