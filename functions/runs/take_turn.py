"""POST /v1/runs/{run_id}/simulations/{number}/turns: relay the words of an agent."""

from uuid import UUID

from shared.http.framework import APIRouter, Response

from shared.composition.simulations import simulation_steps
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.runs.runs.wiring import runs
from shared.runs.simulations.api import RelayedTurn, SimulationTurnResponse
from shared.runs.simulations.relaying import RelayedTurns
from shared.runs.worlds.api import SimulationNumber as Number

router: APIRouter = PLAYGROUND.router(tags=["runs"])


@router.post(
    "/v1/runs/{run_id}/simulations/{number}/turns",
    operation_id="relaySimulationTurn",
    summary="Relay the words of an agent",
    response_model=SimulationTurnResponse,
    responses=error_responses(400, 404, 409),
)
async def take_turn(run_id: UUID, number: Number, body: RelayedTurn, caller: Writer) -> Response:
    """Take the agent's answer to a turn, and return the user's next message. A turn that was
    answered before changes nothing; 409 for a later one, or if the run is not relayed."""
    turns = RelayedTurns(runs(), simulation_steps())
    found = turns.take(caller.organization_id, run_id, number, body.turn, body.words())
    return reply(SimulationTurnResponse.of(*found))


handler = lambda_handler(router, simulation_steps)
