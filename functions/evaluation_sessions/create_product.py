"""POST /products: create a product."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import Product, ProductInput
from shared.evaluations.catalog.wiring import products
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["products"])


@router.post(
    "/products",
    operation_id="createProduct",
    summary="Create a product",
    status_code=201,
    response_model=Product,
)
async def create_product(
    body: ProductInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    """Create a product. Names need not be unique; ids identify products."""
    created = products().create(
        caller.organization_id, caller.key_id, body.model_dump(), idempotency
    )
    content = Product.model_validate(created.entity)
    return reply(content, status=201, version=created.entity.version, replayed=created.replayed)


handler = lambda_handler(router)
