"""GET /products/{id}: get a product."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import Product
from shared.evaluations.catalog.wiring import products
from shared.http.api import EntityId
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
)
async def get_product(identifier: EntityId, caller: Reader) -> Response:
    """Return one product. A deleted product, or one of another organization, is a 404."""
    entity = products().get(caller.organization_id, identifier)
    return reply(Product.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
