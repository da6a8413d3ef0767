"""Reasons why goals are missed, by the beginning of a figure's name.

They are written by hand, as a reading of profiles; the page says where one is missing.
"""

REASONS: dict[str, str] = {}


def reason(name: str) -> str:
    """Return the reason of a missed figure; of several, that of the longest beginning."""
    found = [beginning for beginning in REASONS if name.startswith(beginning)]
    return REASONS[max(found, key=len)] if found else "The reason is not examined yet."
