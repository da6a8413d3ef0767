"""Turns of an organization in progress, for its usage."""

from shared.agents.admission.documents import FIRST_SLOT, turns_key
from shared.core.ids import OrganizationId
from shared.storage.table import Table


def count_turns_in_progress(table: Table, organization_id: OrganizationId) -> int:
    """Return the number of slots that turns hold: one query."""
    slots = table.query(turns_key(organization_id, FIRST_SLOT), upto=f"{FIRST_SLOT}~")
    return sum(1 for _ in slots)
