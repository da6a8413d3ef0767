"""Gateway responses of an API that is defined by an OpenAPI body, as SAM does."""

import json
from typing import Any

from ministack.services import apigateway_v1 as gateway

from local.emulator.patching import Moved, replace

_EXTENSION = "x-amazon-apigateway-gateway-responses"
_FIELDS = ("statusCode", "responseParameters", "responseTemplates")


def _import_responses(import_api: Any) -> Any:
    def imported(spec: dict[str, Any], base_data: dict[str, Any] | None = None) -> str:
        api_id: str = import_api(spec, base_data)
        for kind, response in (spec.get(_EXTENSION) or {}).items():
            given = {field: response[field] for field in _FIELDS if response.get(field)}
            status, _headers, body = gateway._put_gateway_response(api_id, kind, given)
            if status >= 400:
                raise ValueError(f"gateway response {kind}: {json.loads(body)}")
        return api_id

    return imported


def apply() -> None:
    """Read gateway responses from the body: the emulator reads the paths only."""
    if not hasattr(gateway, "_put_gateway_response"):
        raise Moved("apigateway_v1._put_gateway_response is gone")
    replace(gateway, "_import_rest_api", ("spec", "base_data"), _import_responses)
