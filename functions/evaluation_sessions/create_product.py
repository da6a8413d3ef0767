"""POST /products: a product to evaluate."""

from fastapi import APIRouter, Response

from shared.evaluations.api import Error
from shared.evaluations.parent_documents import PRODUCTS
from shared.evaluations.parent_models import Product, ProductInput
from shared.evaluations.service import parents
from shared.http.caller import Writer
from shared.http.conditions import IdempotencyKey
from shared.http.endpoint import lambda_handler
from shared.http.replies import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["products"])


@router.post(
    "/products",
    operation_id="createProduct",
    summary="Create a product",
    status_code=201,
    response_model=Product,
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
)
async def create_product(
    body: ProductInput, caller: Writer, idempotency: IdempotencyKey
) -> Response:
    made = parents().create(
        PRODUCTS, caller.organization_id, caller.key_id, body.model_dump(), idempotency
    )
    content = Product.model_validate(made.entity)
    return reply(content, status=201, version=made.entity.version, replayed=made.replayed)


handler = lambda_handler(router)
