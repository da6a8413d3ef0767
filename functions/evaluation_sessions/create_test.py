"""POST /tests: create a test of a product."""

from fastapi import APIRouter, Response

from shared.evaluations.catalog.api import Test, TestInput
from shared.evaluations.catalog.wiring import tests
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["tests"])


@router.post(
    "/tests",
    operation_id="createTest",
    summary="Create a test",
    status_code=201,
    response_model=Test,
)
async def create_test(body: TestInput, caller: Writer, idempotency: IdempotencyKey) -> Response:
    """Create a test of a product: a set of test cases, which the client adds. An unknown
    product is a 404.
    """
    created = tests().create(caller.organization_id, caller.key_id, body.model_dump(), idempotency)
    content = Test.model_validate(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
