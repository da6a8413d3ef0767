"""DELETE /products/{id}: delete a product that nothing stands below."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.parent_documents import PRODUCTS
from shared.evaluations.service import parents
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.replies import no_content
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["products"])


@router.delete(
    "/products/{id}",
    operation_id="deleteProduct",
    summary="Delete product",
    status_code=204,
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def delete_product(
    identifier: Annotated[str, Path(alias="id")], caller: Writer, version: ExpectedVersion
) -> Response:
    where = (PRODUCTS, caller.organization_id, identifier)
    parents().delete(*where, expected_version=version)
    return no_content()


handler = lambda_handler(router)
