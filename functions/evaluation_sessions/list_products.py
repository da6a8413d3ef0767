"""GET /products: a page of products, newest first."""

from fastapi import APIRouter, Request, Response

from shared.evaluations.api import Error
from shared.evaluations.parent_documents import PRODUCTS
from shared.evaluations.parent_models import Product
from shared.evaluations.query import PRODUCT_FILTERS, ListParameters, parameters
from shared.evaluations.service import parents
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.replies import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["products"])


@router.get(
    "/products",
    operation_id="getProducts",
    summary="List products",
    response_model=list[Product],
    responses={400: {"model": Error}, 401: {"model": Error}, 404: {"model": Error}},
    openapi_extra=parameters(**PRODUCT_FILTERS),
)
async def list_products(request: Request, caller: Reader) -> Response:
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, PRODUCTS.name, query.filters)
    window = query.window(after=cursors.read(query.cursor))
    page = parents().find(PRODUCTS, caller.organization_id, query.products(), window)
    items = [Product.model_validate(entity) for entity in page.items]
    return reply(items, next_cursor=cursors.write(page.after))


handler = lambda_handler(router)
