"""Results of remote tools, limited in size."""

from typing import Any

from shared.agents.tools.tool import ToolFailed
from shared.core.json import as_text, valid_value

#: Bytes of a result that the model gets; the rest is cut off.
MAX_RESULT_BYTES = 100_000
#: Characters of a failure that the model gets.
MAX_ERROR_LENGTH = 2000


def limited(value: Any) -> Any:
    """Return a JSON value, or the beginning of its text with a note if it is too large.

    Raises ``ToolFailed`` for a value that JSON cannot express.
    """
    try:
        value = valid_value(value)
        encoded = as_text(value).encode()
    except ValueError as error:  # NaN, and numbers of thousands of digits
        raise ToolFailed("the result has a number that JSON cannot express") from error
    if len(encoded) <= MAX_RESULT_BYTES:
        return value
    beginning = encoded[:MAX_RESULT_BYTES].decode("utf-8", "ignore")
    return f"{beginning}\n[cut off: the result has {len(encoded):,} bytes]"


def shortened(text: str) -> str:
    """Return a failure's text, cut if it is too long."""
    return text if len(text) <= MAX_ERROR_LENGTH else f"{text[:MAX_ERROR_LENGTH]} [cut off]"
