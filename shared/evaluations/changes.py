"""Partial updates: the fields of a request, without those that cannot change."""

from datetime import datetime
from typing import Any

from pydantic.alias_generators import to_camel

from shared.core.errors import InvalidInput


class Unchanged(Exception):
    """Update that changes nothing: nothing needs to be written."""

    def __init__(self, entity: Any) -> None:
        super().__init__("nothing to change")
        self.entity = entity


def changeable_fields(
    entity: Any, fields: dict[str, Any], read_only: tuple[str, ...]
) -> dict[str, Any]:
    """Return the fields of an update without the read-only ones.

    Read-only fields are accepted with their current value, so that a client can send back
    a whole response. Raises ``InvalidInput`` for one with another value.
    """
    for name in read_only:
        if name in fields and not _is_equal(getattr(entity, name), fields[name]):
            raise InvalidInput(f"{to_camel(name)}: cannot be changed; omit it.")
    return {name: value for name, value in fields.items() if name not in read_only}


def _is_equal(current: Any, sent: Any) -> bool:
    if isinstance(current, datetime) and isinstance(sent, str):
        try:
            return datetime.fromisoformat(sent) == current
        except ValueError:
            return False
    is_json = current is None or isinstance(current, (int, dict))
    return bool(sent == (current if is_json else str(current)))
