"""The way of a request from the SDK to moto, without what no answer depends on.

A third of a request's time was the signature, which moto does not check, and the two HTTP requests
that moto makes of the SDK's, with forms, files and query strings that DynamoDB does not have.
"""

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlparse
from uuid import uuid4

import botocore.hooks
from botocore.auth import SigV4Auth
from moto.core import responses
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.models import botocore_stubber
from moto.core.utils import get_equivalent_url_in_aws_domain
from moto.dynamodb.responses import DynamoHandler
from moto.utilities.utils import get_partition
from werkzeug.datastructures import Headers

_DYNAMODB = "DynamoDB_20120810."


def patch() -> None:
    """Shorten the way in this process."""
    BotocoreStubber.process_request = _answer(BotocoreStubber.process_request)  # type: ignore[method-assign]
    SigV4Auth.add_auth = _unsigned(SigV4Auth.add_auth)  # type: ignore[method-assign]
    responses.gen_amzn_requestid_long = _request_id  # type: ignore[attr-defined]  # imported there
    setattr(botocore.hooks, "accepts_kwargs", _accepts_keywords(botocore.hooks.accepts_kwargs))  # noqa: B010  # its type is narrower


def _answer(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Hand a request of DynamoDB to moto's handler as it is."""

    def process_request(stubber: Any, request: Any) -> Any:
        headers = Headers([(name, _text(value)) for name, value in request.headers.items()])
        if not headers.get("X-Amz-Target", "").startswith(_DYNAMODB):
            return answer(stubber, request)
        handler = DynamoHandler()
        _set_up(handler, request, headers)
        return handler.call_action()

    return process_request


def _set_up(handler: Any, request: Any, headers: Headers) -> None:
    """Set what moto's own ``setup_class`` sets and its handler of DynamoDB reads."""
    url, _ = get_equivalent_url_in_aws_domain(request.url)
    body = request.body or b""
    sent = SimpleNamespace(
        method=request.method,
        values={},
        headers=headers,
        data=body if isinstance(body, bytes) else body.encode(),
        path=url.path,
        content_type=headers["Content-Type"],
        url=request.url,
    )
    handler.headers, handler.querystring, handler.uri_match = headers, {}, {}
    handler.normalized_request, handler.method, handler.path = sent, sent.method, sent.path
    handler.uri, handler.parsed_url = request.url, urlparse(request.url)
    handler.region = handler.get_region_from_url(sent, request.url)
    handler.partition = get_partition(handler.region)
    handler.response_headers = {"server": "amazon.com"}
    handler.parse_parameters(sent)
    handler.access_key = handler.get_access_key()
    handler.current_account = handler.get_current_account()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _unsigned(sign: Callable[..., None]) -> Callable[..., None]:
    """Sign no request that moto's DynamoDB answers."""

    def add_auth(signer: Any, request: Any) -> None:
        is_answered = botocore_stubber.enabled and signer._service_name == "dynamodb"
        if not is_answered or signer.credentials is None:
            sign(signer, request)

    return add_auth


def _request_id(headerdict: dict[str, Any] | None = None) -> str:
    """Return an id in one draw, where moto draws each of its 52 letters."""
    identifier = f"{uuid4().hex.upper():0>52}"
    if headerdict is not None:
        headerdict["x-amzn-requestid"] = identifier
    return identifier


def _accepts_keywords(accepts: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Read from its code whether a hook accepts any keywords: each new client asks it 130 times."""

    def accepts_keywords(hook: Any) -> Any:
        code = getattr(hook, "__code__", None)
        return code.co_flags & inspect.CO_VARKEYWORDS if code else accepts(hook)

    return accepts_keywords
