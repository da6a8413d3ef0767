"""E-mail, IP and MAC addresses."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_network

from shared.scenarios.redaction.forms.labeling import Page
from shared.scenarios.redaction.kinds import Kind, Span

#: Atoms of RFC 5322, and letters of all scripts (RFC 6531).
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]{1,64}"
_EMAIL = re.compile(
    rf"(?:\"[^\"\n@]{{1,62}}\"|(?<![\w.+-]){_ATOM}(?:\.{_ATOM}){{0,6}}"
    rf"|(?<=[:'<(]){_ATOM}(?:\.{_ATOM}){{0,6}})"
    r" ?@ ?(?:(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,5}(?:xn--[a-z\d-]{2,59}|[^\W\d_]{2,24})"
    r"|\[[\d.a-fA-F:]{3,45}\])"
)
#: Start of a match that belongs to a URL or an assignment: "?to=", "email=".
_BEFORE_EMAIL = re.compile(
    r".*[?&/|`{]|\w*(?:mail|to|from|cc|user|login|name|contact)=|['=#*~^]+", re.IGNORECASE
)
#: Spelled forms: "mia (at) mail (dot) test", "mia at mail dot com".
_SPELLED = re.compile(
    r"(?<![\w.])[\w.+-]{2,64} ?(?:[(\[{] ?at ?[)\]}]| at ) ?[a-z\d-]{2,63}"
    r"(?:(?: ?(?:[(\[{] ?dot ?[)\]}]| dot ) ?|\.)[a-z]{2,24}){1,3}(?![\w])",
    re.IGNORECASE,
)
_AT = re.compile(r"[(\[{] ?(?:at|dot) ?[)\]}]| dot ")
#: Characters of other scripts that follow a domain without a space.
_UNSPACED = re.compile(
    "(?<![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+$"
)
_UNSPACED_START = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?=[A-Za-z0-9])")
_NOBODY = ("git@", "noreply@", "no-reply@")

_IP4 = re.compile(r"(?<![A-Za-z\d_.])(?<![\w.]-)\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)")
_IP6 = re.compile(
    r"(?<![\w:.])(?=[\da-f]*:)[\da-f:]{3,39}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w:]|\.\d)",
    re.IGNORECASE,
)
_MAC = re.compile(
    r"(?<![\w:-])(?=[\da-f]{2}:|[\d-]{0,15}[a-f])(?:[\da-f]{2}([:-]))(?:[\da-f]{2}\1){4}[\da-f]{2}(?![\w:-])"
    r"|(?<![\w.])(?=[\d.]{0,13}[a-f])[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}(?![\w.])",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?:\bv|version|versione?|release|build|firmware|driver|версия|バージョン|版本|surum|wersja"
    r"|versie|[\w)]/|[=~<>@^]=?"
    r"|python|node|java|windows|macos|ios|android|kernel|section|chapter|abschnitt|kapitel)[\s:.\"']{0,3}$",
    re.IGNORECASE,
)
#: Addresses that identify nobody: masks, and those of RFC 5737 and RFC 3849.
_EXAMPLES = [
    ip_network(one)
    for one in (
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "0.0.0.0/8",
        "255.0.0.0/8",
        "127.0.0.0/8",
    )
]
_EXAMPLE6 = ip_network("2001:db8::/32")


def find_emails(page: Page) -> Iterator[Span]:
    """Find the e-mail addresses in a text."""
    if "@" in page.plain:
        for found in _EMAIL.finditer(page.plain):
            start, end = found.span()
            if cut := _BEFORE_EMAIL.match(page.plain, start, page.plain.rindex("@", start, end)):
                start = cut.end()
            if cut := _UNSPACED_START.match(page.plain, start, end):
                start = cut.end()
            end -= len(match[0]) if (match := _UNSPACED.search(found[0])) else 0
            address = page.lower[start:end]
            if not address.startswith((*_NOBODY, "@")):
                yield page.span(start, end, Kind.EMAIL)
    if _AT.search(page.lower):
        for found in _SPELLED.finditer(page.plain):
            yield page.span(*found.span(), Kind.EMAIL)


def find_network_addresses(page: Page) -> Iterator[Span]:
    """Find the IP and MAC addresses in a text, but versions, masks and example addresses."""
    for pattern, check in ((_IP4, _is_ip4), (_IP6, _is_ip6), (_MAC, None)):
        for found in pattern.finditer(page.plain):
            if check is None or check(found[0]):
                before = page.lower[max(0, found.start() - 24) : found.start()]
                if pattern is not _IP4 or not _VERSION.search(before):
                    yield page.span(*found.span(), Kind.NETWORK_ADDRESS)


def _is_ip4(text: str) -> bool:
    try:
        address = IPv4Address(text)
    except AddressValueError:
        return False
    return not any(address in network for network in _EXAMPLES)


def _is_ip6(text: str) -> bool:
    try:
        address = IPv6Address(text)
    except AddressValueError:
        return False
    return any(map(str.isdigit, text)) and int(address) > 1 and address not in _EXAMPLE6
