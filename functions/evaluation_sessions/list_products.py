"""GET /products: list products, newest first."""

from shared.http.framework import APIRouter, Request, Response

from shared.evaluations.catalog.api import Product
from shared.evaluations.catalog.filters import PRODUCT_FILTERS, catalog_filter
from shared.evaluations.catalog.wiring import products
from shared.evaluations.query_parameters import ListParameters, parameters
from shared.http.bare_lists import reply_list
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.paging import Cursors
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["products"])


@router.get(
    "/products",
    operation_id="getProducts",
    summary="List products",
    response_model=list[Product],
    openapi_extra=parameters(PRODUCT_FILTERS),
)
async def list_products(request: Request, caller: Reader) -> Response:
    """List products, newest first. A page ends at `limit` or at about 6 MB; `X-Next-Cursor`
    continues it.
    """
    query = ListParameters(request.query_params.multi_items())
    cursors = Cursors(caller.organization_id, "product", query.filters)
    window = query.window(after=cursors.read(query.cursor))
    accepted = catalog_filter(query, PRODUCT_FILTERS)
    page = products().find(caller.organization_id, accepted, window)
    return reply_list(page, Product, cursors, query.ignored)


handler = lambda_handler(router)
