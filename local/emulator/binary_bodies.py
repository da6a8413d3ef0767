"""Binary and compressed bodies of requests.

API Gateway reads ``~1`` in a binary media type as a slash, and decompresses requests to an API
that has a minimum compression size. The emulator does neither.
"""

import gzip
import zlib
from typing import Any

from ministack.services import apigateway_v1 as gateway

from local.emulator.patching import replace


def _with_slashes(matches: Any) -> Any:
    def matched(media_type: Any, binary_media_types: Any) -> Any:
        return matches(media_type, [one.replace("~1", "/") for one in binary_media_types or ()])

    return matched


def _decompressed(build: Any) -> Any:
    def built(
        api_id: str, stage_name: Any, stage: Any, resource: Any, request_path: Any, method: Any,
        headers: Any, body: Any, query_params: Any, path_params: Any, **options: Any,
    ) -> Any:  # fmt: skip
        compresses = gateway._rest_apis[api_id].get("minimumCompressionSize") is not None
        if compresses and body and headers.get("content-encoding") == "gzip":
            try:
                body = gzip.decompress(body)
            except (OSError, EOFError, zlib.error):
                pass  # the gateway's own answer is not modeled: the function refuses it
            else:
                headers = {k: v for k, v in headers.items() if k != "content-encoding"}
        return build(
            api_id, stage_name, stage, resource, request_path, method,
            headers, body, query_params, path_params, **options,
        )  # fmt: skip

    return built


def apply() -> None:
    """Match binary media types and decompress requests as API Gateway does."""
    replace(gateway, "_media_type_matches", ("media_type", "binary_media_types"), _with_slashes)
    arguments = (
        "api_id", "stage_name", "stage", "resource", "request_path", "method", "headers", "body",
        "query_params", "path_params", "binary_media_types", "authorizer_context",
        "caller_identity",
    )  # fmt: skip
    replace(gateway, "_build_lambda_event_v1", arguments, _decompressed)
