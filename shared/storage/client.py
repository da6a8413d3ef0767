"""The process-wide DynamoDB client: timeouts, retries, and the parser of read responses."""

import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

from botocore.config import Config
from botocore.httpsession import get_cert_path
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.session import Session, get_session

from shared.core.errors import Unavailable
from shared.storage.connections import ConnectionPool
from shared.storage.errors import STORAGE_SILENT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

#: Seconds. DynamoDB responds in milliseconds; a page of 1 MB takes a tenth of a second.
_CONNECT_TIMEOUT, _READ_TIMEOUT = 1, 2
#: Responses whose attribute values mean what their JSON says: this project stores no binary
#: values. Responses to writes are short; the SDK parses them.
_READS = frozenset({"BatchGetItemOutput", "GetItemOutput", "QueryOutput"})


@cache
def dynamodb() -> "DynamoDBClient":
    """Return the low-level client, which starts faster than the resource.

    Three attempts with the SDK's own backoff (3 seconds at most) end before a function's
    timeout of 10 seconds, so that the caller receives 429 or 503 and can retry.
    """
    session = get_session()
    # An SDK that ignores this component parses reads itself: slower, with the same result.
    session.register_component("response_parser_factory", _ParserFactory())
    client: Any = session.create_client(
        "dynamodb",
        config=Config(
            connect_timeout=_CONNECT_TIMEOUT,
            read_timeout=_READ_TIMEOUT,
            retries={"mode": "standard", "total_max_attempts": 3},
            tcp_keepalive=True,
            parameter_validation=False,
            # A fixed text: the SDK would assemble its own for every request.
            user_agent="agent-sessions",
            # One host for all requests, so that its connections are reused.
            account_id_endpoint_mode="disabled",
        ),
    )
    # ConnectionPool does not support proxies; the SDK's transport does.
    if not getproxies():
        pool = ConnectionPool(
            client.meta.endpoint_url,
            _ca_bundle(session),
            connect_timeout=_CONNECT_TIMEOUT,
            read_timeout=_READ_TIMEOUT,
        )
        # An SDK that ignores the handler sends by its own transport: slower, with the same result.
        client.meta.events.register("before-send.dynamodb", pool.send)
    return client  # type: ignore[no-any-return]  # the SDK creates client classes at run time


def _ca_bundle(session: Session) -> str:
    """Return the file of certificate authorities, selected by the SDK's rules."""
    configured: Any = session.get_config_variable("ca_bundle") or os.environ.get(
        "REQUESTS_CA_BUNDLE"
    )
    return str(get_cert_path(configured or True))


class _ReadParser(JSONParser):
    """Parser that returns the response of a read as the JSON it is.

    The SDK's parser tries all ten types on every attribute value: for a page of a list, that
    takes as long as sending the request. It also returns a response without items for a body
    that is not JSON. Errors, writes and the response metadata are left to it.
    """

    def parse(self, response: Any, shape: Any) -> Any:
        if response["status_code"] >= 300 or shape is None or shape.name not in _READS:
            return super().parse(response, shape)
        try:
            content = json.loads(response["body"])
        except ValueError as error:
            raise Unavailable(STORAGE_SILENT) from error
        return super().parse({**response, "body": b"{}"}, shape) | content


class _ParserFactory(ResponseParserFactory):
    """Factory of parsers by protocol; a protocol other than JSON gets the SDK's own."""

    def create_parser(self, protocol_name: str) -> Any:
        return _ReadParser() if protocol_name == "json" else super().create_parser(protocol_name)
