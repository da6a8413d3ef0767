"""Binary and compressed bodies.

API Gateway reads ``~1`` in a binary media type as a slash. For an API that has a minimum
compression size, it decompresses requests, and compresses larger answers for clients that accept
it. The emulator does none of these.
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
        if _minimum(api_id) is not None and body and headers.get("content-encoding") == "gzip":
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


def _compressed(execute: Any) -> Any:
    async def executed(
        api_id: str, stage_name: Any, method: Any, path: Any, headers: Any, *others: Any
    ) -> Any:
        status, answered, body = await execute(api_id, stage_name, method, path, headers, *others)
        minimum = _minimum(api_id)
        names = {name.lower() for name in answered}
        if (
            minimum is not None
            and len(body) >= minimum
            and "content-encoding" not in names
            and _accepts_gzip(headers.get("accept-encoding", ""))
        ):
            body = gzip.compress(body, 6, mtime=0)
            answered = {k: v for k, v in answered.items() if k.lower() != "content-length"}
            answered["Content-Encoding"] = "gzip"
        return status, answered, body

    return executed


def _accepts_gzip(header: str) -> bool:
    codings = (one.replace(" ", "").partition(";q=") for one in header.lower().split(","))
    # Not by `*`: the gateway wants a name.
    return any(name == "gzip" and (weight or "1").strip("0.") for name, _, weight in codings)


def _minimum(api_id: str) -> int | None:
    """Return the minimum compression size of an API, if it has one."""
    size = (gateway._rest_apis.get(api_id) or {}).get("minimumCompressionSize")
    return None if size is None else int(size)


def apply() -> None:
    """Match binary media types, decompress requests and compress answers as API Gateway does."""
    replace(gateway, "_media_type_matches", ("media_type", "binary_media_types"), _with_slashes)
    arguments = (
        "api_id", "stage_name", "stage", "resource", "request_path", "method", "headers", "body",
        "query_params", "path_params", "binary_media_types", "authorizer_context",
        "caller_identity",
    )  # fmt: skip
    replace(gateway, "_build_lambda_event_v1", arguments, _decompressed)
    names = (
        "api_id", "stage_name", "method", "path", "headers", "body", "query_params",
        "owner_account_id", "owner_region",
    )  # fmt: skip
    replace(gateway, "_handle_execute_in_scope", names, _compressed)
