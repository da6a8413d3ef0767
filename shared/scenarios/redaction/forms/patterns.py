"""Personal data recognized in any text: by its form, checksum or label."""

import re
from collections.abc import Iterator

from shared.scenarios.redaction.forms.addresses import find_addresses
from shared.scenarios.redaction.forms.credentials import find_credentials
from shared.scenarios.redaction.forms.documents import find_documents
from shared.scenarios.redaction.forms.internet import find_emails, find_network_addresses
from shared.scenarios.redaction.forms.labeled import find_labeled
from shared.scenarios.redaction.forms.labeling import Page
from shared.scenarios.redaction.forms.telephones import find_telephones
from shared.scenarios.redaction.kinds import Span

#: The more certain first.
_FINDERS = (
    find_credentials,
    find_emails,
    find_documents,
    find_labeled,
    find_addresses,
    find_telephones,
    find_network_addresses,
)
_ONLY_WITH_DIGITS = frozenset({find_documents, find_telephones, find_network_addresses})
#: Most values of tools: times, amounts, identifiers of a few digits.
_IMPERSONAL = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|[A-Za-z_#-]{0,16}\d{0,7}|-?\d{1,7}\.\d{1,4}"
)


def find_by_form(text: str) -> Iterator[Span]:
    """Find the personal data in a text by form or label; no two spans overlap.

    Of overlapping ones the more certain stays: a checksum tells more than a label.
    """
    if _IMPERSONAL.fullmatch(text):
        return
    page = Page.of(text)
    digits = any(map(str.isdigit, page.plain))
    taken: list[Span] = []
    for find in _FINDERS:
        for span in find(page) if digits or find not in _ONLY_WITH_DIGITS else ():
            if all(span.end <= other.start or other.end <= span.start for other in taken):
                taken.append(span)
                yield span
