"""POST /tests: create a test of a product."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import Test, TestInput
from shared.evaluations.datasets.api import ERRORS
from shared.evaluations.datasets.wiring import datasets
from shared.evaluations.files.wiring import file_bucket
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
    responses=ERRORS,
)
async def create_test(body: TestInput, caller: Writer, idempotency: IdempotencyKey) -> Response:
    """Create a test of a product: a set of test cases, which the client adds, or of which each is
    a row of the uploaded CSV file that `uri` names. An unknown product or file is a 404.
    """
    key = (caller.organization_id, caller.key_id)
    found = datasets().create(*key, body.model_dump(), idempotency)
    test = Test.model_validate(found.test)
    version, ignored = found.test.version, found.ignored
    return reply(test, status=201, version=version, replayed=found.replayed, ignored=ignored)


handler = lambda_handler(router, file_bucket)
