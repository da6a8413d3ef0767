"""Reasons why goals are missed, by the beginning of a figure's name.

They are written by hand, as a reading of profiles; the page says where one is missing.
"""

_PAGE = (
    "A page of a log reads up to a number of bytes (messages: 4 MB), whatever its `limit`, since "
    "events are filtered after the read; beyond that it is constant."
)
_DRAFT = (
    "A draft reads the conversation once, up to a number of bytes at its begin and at its end; "
    "beyond that it is constant."
)
REASONS: dict[str, str] = {
    "growth of requests: page": _PAGE,
    "growth of read units: page": _PAGE,
    "growth of CPU: page": _PAGE,
    "growth of requests: draft": _DRAFT,
    "growth of read units: draft": _DRAFT,
    "growth of CPU: draft": _DRAFT,
}


def reason(name: str) -> str:
    """Return the reason of a missed figure; of several, that of the longest beginning."""
    found = [beginning for beginning in REASONS if name.startswith(beginning)]
    return REASONS[max(found, key=len)] if found else "The reason is not examined yet."
