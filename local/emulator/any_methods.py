"""Methods ``ANY`` of an API that is defined by an OpenAPI body.

The emulator serves them, but reads only the methods that OpenAPI names from a body.
"""

from typing import Any

from ministack.services import apigateway_v1 as gateway

from local.emulator.patching import Moved, replace

_ANY = "x-amazon-apigateway-any-method"


def _import_any(import_path_item: Any) -> Any:
    def imported(
        api_id: str,
        path: str,
        path_item: dict[str, Any],
        scheme_map: Any = None,
        default_security: Any = None,
    ) -> None:
        import_path_item(api_id, path, path_item, scheme_map, default_security)
        if operation := path_item.get(_ANY):
            resources = gateway._resources[api_id].items()
            [resource_id] = [key for key, resource in resources if resource["path"] == path]
            gateway._import_operation(
                api_id, resource_id, "ANY", operation, scheme_map, default_security
            )

    return imported


def apply() -> None:
    """Read the methods ``ANY`` too."""
    if not hasattr(gateway, "_import_operation"):
        raise Moved("apigateway_v1._import_operation is gone")
    arguments = ("api_id", "path", "path_item", "scheme_map", "default_security")
    replace(gateway, "_import_path_item", arguments, _import_any)
