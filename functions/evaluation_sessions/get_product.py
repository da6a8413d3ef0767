"""GET /products/{id}: get a product."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from shared.evaluations.api import Error
from shared.evaluations.catalog.api import Product
from shared.evaluations.catalog.wiring import products
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["products"])


@router.get(
    "/products/{id}",
    operation_id="getProduct",
    summary="Get a product",
    response_model=Product,
    responses={401: {"model": Error}, 404: {"model": Error}},
)
async def get_product(identifier: Annotated[str, Path(alias="id")], caller: Reader) -> Response:
    entity = products().get(caller.organization_id, identifier)
    return reply(Product.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
