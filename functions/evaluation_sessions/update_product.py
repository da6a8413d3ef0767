"""PATCH /products/{id}: update fields of a product."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.catalog.api import Product, ProductUpdate
from shared.evaluations.catalog.wiring import products
from shared.http.api import EntityId
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
)
async def update_product(
    identifier: EntityId, body: ProductUpdate, caller: Writer, version: ExpectedVersion
) -> Response:
    """Change the fields that are sent. Fields that cannot change are accepted with their
    current value only.
    """
    entity = products().update(
        caller.organization_id, identifier, body.sent_fields(), expected_version=version
    )
    return reply(Product.model_validate(entity), version=entity.version)


handler = lambda_handler(router)
