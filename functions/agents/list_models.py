"""GET /v1/models: list the language models of the stack."""

from shared.http.framework import APIRouter, Response

from shared.agents.models.api import ListResponse_ModelInfo, ModelInfo
from shared.agents.models.wiring import models, unreachable
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["models"])


@router.get(
    "/v1/models",
    operation_id="list_models",
    summary="List models",
    response_model=ListResponse_ModelInfo,
)
async def list_models(caller: Reader) -> Response:  # noqa: ARG001  # its scope is checked
    """List the scripted model and those that the stack is configured with.

    Servers of models are asked whether they answer: at most 2 s, if not done in the last 30 s.
    """
    reasons = unreachable()
    data = [ModelInfo.of(model, reasons.get(model.base_url)) for model in models().all()]
    return reply(ListResponse_ModelInfo(data=data))


handler = lambda_handler(router)
