"""Errors of tests that come with a file, in the API's document."""

from typing import Any

#: Errors of a create, beside those of every request with a body.
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"description": "A field or a row of the file is invalid; the error names it"},
    404: {"description": "Unknown product, or no file at the URI"},
    413: {"description": "The file exceeds 10 MB or 1,000 test cases"},
}
