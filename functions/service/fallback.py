"""Every other method of each path: a CORS preflight, or 405. Needs no API key."""

from typing import Any

from shared.http.fallback import answer


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return answer(event)
