"""The capabilities built into the stack: what agents and sessions can switch on."""

from dataclasses import dataclass

from shared.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Capability:
    """Something an agent can do beyond talking."""

    id: str
    name: str
    description: str


_BUILT_IN = {
    capability.id: capability
    for capability in (
        Capability("current_time", "Current time", "Tells the date and time in any time zone."),
        Capability("calculator", "Calculator", "Works out arithmetic exactly."),
        Capability(
            "session_notes",
            "Session notes",
            "Keeps notes for the length of the session: sets, reads and lists them.",
        ),
    )
}


def capabilities(search: str = "") -> list[Capability]:
    """Return the capabilities of the stack, or those with a text in name or description.

    In small letters or capitals, and in their order.
    """
    wanted = search.casefold()
    return [
        one for one in _BUILT_IN.values() if wanted in f"{one.name}\n{one.description}".casefold()
    ]


def capability(identifier: str) -> Capability:
    """Return a capability. Raises ``NotFound``."""
    if identifier not in _BUILT_IN:
        raise NotFound("Capability not found")
    return _BUILT_IN[identifier]
