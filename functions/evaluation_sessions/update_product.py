"""PATCH /products/{id}: update fields of a product."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.catalog.api import Product, ProductUpdate
from shared.evaluations.catalog.wiring import products
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["products"])


@router.patch(
    "/products/{id}",
    operation_id="updateProduct",
    summary="Update product",
    response_model=Product,
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def update_product(
    identifier: Annotated[str, Path(alias="id")],
    body: ProductUpdate,
    caller: Writer,
    version: ExpectedVersion,
) -> Response:
    entity = products().update(
        caller.organization_id, identifier, body.sent_fields(), expected_version=version
    )
    return reply(Product.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
