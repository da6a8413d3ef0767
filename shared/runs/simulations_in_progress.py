"""Simulations of an organization's runs in progress, for its usage."""

from shared.core.ids import OrganizationId
from shared.runs.runs.documents import PlacesCodec
from shared.storage.table import Table


def count_simulations_in_progress(table: Table, organization_id: OrganizationId) -> int:
    """Return the number of lanes that runs hold: one read."""
    places = PlacesCodec()
    record = table.get(places.key(organization_id, None))
    return places.from_record(record).lanes if record else 0
