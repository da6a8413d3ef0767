"""Redaction of a text by form and label alone."""

from shared.scenarios.redaction.forms.dates import find_births
from shared.scenarios.redaction.forms.patterns import find_by_form


def redact(text: str) -> str:
    """Return a text with the kind of each value that is found by form or label."""
    found = [(span.start, span.end, str(span.kind)) for span in find_by_form(text)]
    found += [(*one.match.span(), "DATE_OF_BIRTH") for one in find_births(text)]
    for start, end, kind in sorted(found, reverse=True):
        text = f"{text[:start]}<{kind}>{text[end:]}"
    return text
