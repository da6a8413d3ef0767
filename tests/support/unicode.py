"""Answers without lone surrogates, which JSON can escape and UTF-8 cannot encode."""

import re

from tests.support.gateway import Answer


def is_valid(answer: Answer) -> bool:
    """Return whether an answer has no lone surrogate, as it is and behind its escapes."""
    answer.text.encode()
    escapes = re.sub(r"\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..", "", answer.text)
    return not re.search(r"\\u[dD][89a-fA-F]..", escapes)
