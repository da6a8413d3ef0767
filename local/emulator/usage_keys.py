"""Usage plan keys named by the authorizer.

The stack's API sets ``ApiKeySourceType: AUTHORIZER``: API Gateway then takes the key for throttle
and quota from the authorizer's ``usageIdentifierKey`` instead of a header. The emulator loses the
setting when it creates the API, and reads the header only.
"""

import json
from contextvars import ContextVar
from typing import Any

from ministack.services import apigateway_v1 as gateway
from ministack.services.cloudformation import provisioners

from local.emulator.patching import replace

_usage_key: ContextVar[str] = ContextVar("usage_key", default="")


def _keep_key_source(create: Any) -> Any:
    def created(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        api_id, attributes = create(logical_id, props, stack_name)
        gateway._rest_apis[api_id]["apiKeySource"] = props.get("ApiKeySourceType", "HEADER")
        return api_id, attributes

    return created


def _note_usage_key(invoke: Any) -> Any:
    async def invoked(authorizer: Any, event: Any, account_id: str, region: str) -> Any:
        _usage_key.set("")
        result = await invoke(authorizer, event, account_id, region)
        answer = (result or {}).get("body")
        if isinstance(answer, str | bytes):
            answer = json.loads(answer)
        if isinstance(answer, dict):
            _usage_key.set(answer.get("usageIdentifierKey") or "")
        return result

    return invoked


def _check_usage_key(check: Any) -> Any:
    def checked(method_obj: Any, api_id: str, stage_name: str, headers: Any) -> Any:
        if gateway._rest_apis[api_id].get("apiKeySource") == "AUTHORIZER":
            headers = {"x-api-key": _usage_key.get()}
        return check(method_obj, api_id, stage_name, headers)

    return checked


def apply() -> None:
    """Support ``ApiKeySourceType`` and ``usageIdentifierKey``.

    A context variable carries the key from the authorizer to the check within a request. A
    cached authorizer answer would not set it; the stack's authorizer is never cached.
    """
    name = "_apigw_rest_api_create"
    created = replace(provisioners, name, ("logical_id", "props", "stack_name"), _keep_key_source)
    provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RestApi"]["create"] = created
    replace(
        gateway,
        "_invoke_authorizer_lambda",
        ("authorizer", "event", "account_id", "region"),
        _note_usage_key,
    )
    replace(
        gateway,
        "_check_api_key",
        ("method_obj", "api_id", "stage_name", "headers"),
        _check_usage_key,
    )
