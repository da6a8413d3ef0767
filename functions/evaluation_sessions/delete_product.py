"""DELETE /products/{id}: delete a product without children."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.wiring import products
from shared.http.api import EntityId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["products"])


@router.delete(
    "/products/{id}",
    operation_id="deleteProduct",
    summary="Delete product",
    status_code=204,
)
async def delete_product(
    identifier: EntityId, caller: Writer, version: ExpectedVersion
) -> Response:
    """Delete a product without versions and tests. A product that has some is kept: the answer
    is a 400 that names them.
    """
    products().delete(caller.organization_id, identifier, expected_version=version)
    return no_content()


handler = lambda_handler(router)
