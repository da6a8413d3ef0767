"""Calls of simulations' worlds: an append-only log for each simulation.

Every call is recorded once, in an order without gaps: call n is created only where it does not
exist, by a writer that read call n - 1.
"""

from collections.abc import Callable

from shared.core.errors import Conflict
from shared.runs.worlds.documents import LAST, call_key, from_record, to_record, with_answer
from shared.runs.worlds.domain import MAX_CALLS, SimulationKey, WorldCall
from shared.sessions.recorded_worlds.world import World
from shared.storage.contention import retry_on_contention
from shared.storage.table import Table


class WorldCallRepository:
    """Repository of the calls that worlds answered."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def append(
        self, simulation: SimulationKey, build: Callable[[WorldCall | None], WorldCall]
    ) -> WorldCall:
        """Add a call: one query for the newest call, one write.

        ``build`` gets the newest call and returns the next one; it is called again when a
        concurrent call came first. Raises ``Conflict`` (``too_many_calls``) after
        ``MAX_CALLS``.
        """

        def attempt() -> WorldCall:
            newest = self._newest(simulation)
            if newest is not None and newest.index + 1 >= MAX_CALLS:
                message = f"The simulation has made {MAX_CALLS:,} tool calls, its limit."
                raise Conflict(message, code="too_many_calls")
            call = build(newest)
            self._table.create(to_record(simulation, call))
            return call

        return retry_on_contention(self._table.sleep, attempt)

    def calls_after(self, simulation: SimulationKey, index: int, world: World) -> list[WorldCall]:
        """Return the calls behind an index (-1 for all) with their answers, in their order.

        One query for each 1 MB. ``world`` is the one that answered them.
        """
        records = self._table.query(call_key(simulation, index + 1), upto=LAST)
        return [with_answer(from_record(record), world) for record in records]

    def _newest(self, simulation: SimulationKey) -> WorldCall | None:
        found = self._table.query(call_key(simulation, 0), upto=LAST, ascending=False, limit=1)
        return next((from_record(record) for record in found), None)
