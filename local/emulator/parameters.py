"""Parameter values of the stack for the SAM transform.

CloudFormation resolves them before SAM expands the template: a stage's name or a runtime may be
a parameter. The emulator expands without them.
"""

from contextvars import ContextVar
from typing import Any

from ministack.services.cloudformation import changesets, engine, handlers
from samtranslator.translator import transform as sam

from local.emulator.patching import Moved, replace

_values: ContextVar[dict[str, Any]] = ContextVar("parameter_values")


def _with_values(apply_transforms: Any) -> Any:
    def applied(template: Any, provided_params: Any = None, previous_params: Any = None) -> Any:
        values = engine._transform_parameters(template, provided_params or [], previous_params)
        token = _values.set(values)
        try:
            return apply_transforms(template, provided_params, previous_params)
        finally:
            _values.reset(token)

    return applied


def apply() -> None:
    """Pass the parameter values of a stack operation to SAM."""
    original = engine._apply_transforms
    arguments = ("template", "provided_params", "previous_params")
    replacement = replace(engine, "_apply_transforms", arguments, _with_values)
    for module in (changesets, handlers):
        if getattr(module, "_apply_transforms", None) is not original:
            raise Moved(f"{module.__name__} no longer imports _apply_transforms")
        module._apply_transforms = replacement

    expand = sam.transform
    sam.transform = lambda fragment, values, *rest, **named: expand(
        fragment, _values.get({}) | values, *rest, **named
    )
