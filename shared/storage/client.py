"""The one DynamoDB client of a process."""

import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

from botocore.config import Config
from botocore.httpsession import get_cert_path
from botocore.session import Session, get_session

from shared.core.errors import Unavailable
from shared.storage.connections import KeptConnections
from shared.storage.errors import STORAGE_SILENT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

#: Seconds. DynamoDB answers in milliseconds, a page of 1 MB in a tenth of a second.
_CONNECT_TIMEOUT, _READ_TIMEOUT = 1, 2
#: Operations whose answers mean what their JSON says: attribute values, none of them binary
#: as this project stores none, and no time stamps. The answers to writes are short.
_READS = ("BatchGetItem", "GetItem", "Query")


@cache
def dynamodb() -> "DynamoDBClient":
    """Return the low-level client: it starts faster than the resource and hides nothing.

    Three attempts with the SDK's own back-off (3 seconds at most) end before a function's
    10 seconds do, so that the caller hears 429 or 503 and may try again.

    Two things that the SDK does for every service are done here for this one, by its own
    hooks: sending (see ``connections``), and reading what was read from the table.
    """
    session = get_session()
    client: Any = session.create_client(
        "dynamodb",
        config=Config(
            connect_timeout=_CONNECT_TIMEOUT,
            read_timeout=_READ_TIMEOUT,
            retries={"mode": "standard", "total_max_attempts": 3},
            tcp_keepalive=True,
            parameter_validation=False,
            # A fixed text: the SDK would put its own together anew for every request.
            user_agent="agent-sessions",
            # One host for all requests, whose connections are kept.
            account_id_endpoint_mode="disabled",
        ),
    )
    events = client.meta.events
    for operation in _READS:
        events.register(f"before-parse.dynamodb.{operation}", _read_json)
    # A proxy is the SDK's business.
    if not getproxies():
        connections = KeptConnections(
            client.meta.endpoint_url,
            _trusted(session),
            connect_timeout=_CONNECT_TIMEOUT,
            read_timeout=_READ_TIMEOUT,
        )
        events.register("before-send.dynamodb", connections.send)
    return client  # type: ignore[no-any-return]  # the SDK makes its clients' classes as it runs


def _trusted(session: Session) -> str:
    """Return the file of certificate authorities, chosen as the SDK chooses."""
    chosen: Any = session.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE")
    return str(get_cert_path(chosen or True))


def _read_json(
    response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any
) -> None:
    """Read an answer as the JSON it is, and leave the SDK's parser nothing to do.

    The parser tries all ten kinds of every attribute value: for a page of a list that
    takes as long as sending the request. Errors are left to it.
    """
    if response_dict["status_code"] >= 300:
        return
    try:
        answer = json.loads(response_dict["body"])
    except ValueError as error:
        # The SDK would take it for an answer without anything in it.
        raise Unavailable(STORAGE_SILENT) from error
    customized_response_dict.update(answer)
    response_dict["body"] = b"{}"
