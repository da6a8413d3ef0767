"""GET /v1/models: list the language models of the stack."""

from fastapi import APIRouter, Response

from shared.agents.models import ListResponse_ModelInfo, ModelInfo
from shared.agents.service import models
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import AGENTS

router: APIRouter = AGENTS.router(tags=["models"])


@router.get(
    "/v1/models",
    operation_id="list_models",
    summary="List models",
    response_model=ListResponse_ModelInfo,
)
async def list_models(caller: Reader) -> Response:  # noqa: ARG001  # held to its scope
    found = [ModelInfo.of(model) for model in models().all()]
    return reply(ListResponse_ModelInfo(data=found))


handler = lambda_handler(router)
