"""Credentials: keys and tokens of known form, headers, assignments and URL parameters.

The known forms follow the documentation of their services, the rules of gitleaks (b58d3f1,
July 2026) and the plugins of detect-secrets 1.5, but with shorter minimum lengths.
"""

import re
from collections.abc import Iterator

from shared.scenarios.redaction.forms.labeled import is_placeholder
from shared.scenarios.redaction.forms.labeling import Page
from shared.scenarios.redaction.kinds import Kind, Span

#: Prefixes of tokens, each followed by 16 or more random characters.
_PREFIXES = (
    "sk-", "sk_live_", "sk_test_", "pk_live_", "pk_test_", "rk_live_", "rk_test_", "whsec_",
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-",
    "glcbt-", "glft-", "glsoat-", "gloas-", "glagent-", "gr1348941", "xoxb-", "xoxp-", "xoxa-",
    "xoxr-", "xoxs-", "xoxe-", "xoxe.xoxp-", "xoxe.xoxb-", "xapp-", "aiza", "ya29.", "1//0",
    "gocspx-", "npm_", "pypi-", "hf_", "api_org_", "gsk_", "xai-", "r8_", "pplx-", "sg.", "key-",
    "xkeysib-", "pubkey-", "shpat_", "shpca_", "shppa_", "shpss_", "sq0atp-", "sq0csp-", "sq0idp-",
    "eaaa", "eaac", "eaam", "dop_v1_", "doo_v1_", "dor_v1_", "dapi", "dp.pt.", "dp.st.",
    "dckr_pat_", "lin_api_", "ntn_", "secret_", "pat-na1-", "pat-eu1-", "pmak-", "pnu_", "pul-",
    "rubygems_", "pscale_", "sntrys_", "sntryu_", "glsa_", "glc_", "hrku-", "sha256~", "nvapi-",
    "lsv2_", "tvly-", "fc-", "phc_", "phx_", "figd_", "patd_", "atatt3x", "akcp", "cmvmd",
    "dt0c01.", "ltai", "shippo_live_", "shippo_test_", "duffel_live_", "duffel_test_", "rdme_",
    "fo1_", "fm1r_", "fm2_", "ops_ey", "age-secret-key-1", "absk", "bedrock-api-key-", "hvs.",
    "hvb.", "s.", "abia", "acca", "pat_", "rnd_", "sbp_", "sb_secret_", "re_", "ubt_", "ico-",
    "ezak", "eztk", "oy2", "tk-us-", "flwseck-", "flwseck_test-", "fio-u-", "b2_", "mg-", "live_",
    "test_", "v1.0-", "v2.local.", "zpka_", "ctx7sk-",
)  # fmt: skip
_PREFIX = "|".join(re.escape(prefix) for prefix in sorted(_PREFIXES, key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?<![A-Za-z0-9_-])(?:{_PREFIX})(?P<tail>[\w.~/+-]{{15,600}}={{0,2}})", re.IGNORECASE
)
#: Forms of other structure.
_FORMS = [
    re.compile(pattern)
    for pattern in (
        (
            r"(?<![A-Za-z0-9])(?:A3T[A-Z0-9]|AKIA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA"
            r"|ANVA)[A-Z0-9]{16}(?![A-Za-z0-9])"
        ),
        (
            r"(?<![A-Za-z0-9_-])ey[A-Za-z0-9_-]{8,}\.(?:[A-Za-z0-9_-]{8,}"
            r"|\.)(?:\.[A-Za-z0-9_-]{0,2000}){1,3}"
        ),
        r"(?<![A-Za-z0-9])(?:SK|AC)[0-9a-f]{32}(?![A-Za-z0-9])",
        r"(?<!\d)\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])",
        r"(?<![A-Za-z0-9_-])[MNO][A-Za-z\d_-]{23,25}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])",
        r"(?<![A-Za-z0-9_-])[\w~.-]{3}\dQ~[\w~.-]{31,34}",
        r"(?<![A-Za-z0-9_-])A3-[A-Z0-9]{6}(?:-[A-Z0-9]{5,11}){4,5}",
        r"(?<![A-Za-z0-9_-])[0-9a-f]{32}-us\d{1,2}(?!\w)",
        r"(?<![A-Za-z0-9_-])pat[A-Za-z0-9]{14}\.[0-9a-f]{64}",
        r"https://hooks\.slack\.com/(?:services|workflows|triggers)/(?P<value>[\w/+-]{20,})",
        r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/(?P<value>\d{16,20}/[\w-]{30,})",
        r"https://[\w.-]+\.webhook\.office\.com/webhookb2/(?P<value>[\w@/-]{40,})",
    )
]
_BEGIN = "-----BEGIN"
_PRIVATE_KEY = re.compile(
    r"-----BEGIN[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[\s\S]{0,8000}?-----END[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----|[\s\S]{0,8000})"
)
#: Run of characters as long as the shortest credential of known form.
_LETTERS_AND_DIGITS = re.compile("[A-Za-z0-9]+")
_RUN = re.compile(r"[\w.~/+-]{16,}")
#: Credentials in the authority of a URL.
_IN_URL = re.compile(
    r"[a-z][a-z\d+.-]{1,20}://[^\s/:@\"'<>]{0,64}:(?P<value>[^\s/@\"'<>]{3,128})@", re.IGNORECASE
)
_QUOTE = r"[\\]{0,3}[\"']?"
_HEADER = re.compile(
    rf"(?<![A-Za-z0-9_-])(?:(?:proxy-)?authorization|(?:x-)?(?:[\w-]{{1,24}}-)?(?:api|auth|access"
    rf"|amz-security|csrf|session|vault|goog-api)-?"
    rf"(?:key|token)|x-token|x-secret){_QUOTE}\s?[:=]\s?{_QUOTE}"
    r"(?:(?:bearer|basic|token|apikey|api-key|digest|negotiate"
    r"|aws4-hmac-sha256)\s+)?(?P<value>[^\s\"'\\,;]{6,4000})",
    re.IGNORECASE,
)
_COOKIE = re.compile(
    rf"(?<![A-Za-z0-9_-])(?:set-)?cookie{_QUOTE}:\s?{_QUOTE}(?P<value>[\w.-]+=[^\"'\n\\]{{4,4000}})",
    re.IGNORECASE,
)
_BEARER = re.compile(
    r"(?<![A-Za-z0-9_-])(?:bearer|basic)\s+(?P<value>[\w.~+/-]{12,4000}={0,2})", re.IGNORECASE
)
#: Name of a variable or field, its sign, its value: in env, JSON, YAML, code and URL notation.
_SUFFIXES = (
    "api_key", "apikey", "access_key", "secret_key", "private_key", "auth_key", "account_key",
    "shared_key", "master_key", "encryption_key", "signing_key", "service_key", "license_key",
    "storage_key", "token", "secret", "passwd", "password", "passphrase", "pwd", "pass",
    "credential", "credentials", "signature", "sig", "session_id", "sessionid", "sessid",
    "code_verifier", "accesskey", "secretkey", "privatekey", "connection_string", "auth",
)  # fmt: skip
#: Endings of names in capitals, as of environment variables.
_ENV_SUFFIXES = ("_KEY", "_PAT", "_PSK", "_DSN", "_SAS", "_SALT")
_ASSIGNED = re.compile(
    rf"(?<![\w.-])(?P<name>[\w.-]{{2,80}}+){_QUOTE}\s?(?P<sign>:=|=>|=|:)\s?(?P<open>{_QUOTE})"
    # The value can be a URL with further names.
    r"(?=(?P<value>[^\s\"'\\,;&<>|]{4,4000}))"
)
_AMZ = re.compile(
    r"[?&](?:X-(?:Amz|Goog)-(?:Signature|Credential"
    r"|Security-Token))=(?P<value>[^&\s\"'\\]{8,4000})",
    re.IGNORECASE,
)
_ACCOUNT_KEY = re.compile(
    r"(?:AccountKey|SharedAccessKey|SharedAccessSignature)=(?P<value>[^;\s\"']{16,})"
)
_USER_OPTION = re.compile(
    r"\bcurl\b[^\n]{0,400}?\s(?:-u|--user)[ =]['\"]?[^\s:'\"]{1,64}:(?P<value>[^\s'\"]{3,128})"
)
#: Names of values that are no credentials although they end like one.
_NO_SECRET = re.compile(
    r"(?:\A|(?<=[_.-]))(?:next|page|prev|previous|continuation|cursor|sync|cancel\w{0,9}|pagination"
    r"|nextpage|max|min|input|output|total|prompt|eos|bos|pad|unk|sep|mask|stop|new|per|num|first"
    r"|last)_?-?token\Z|(?:by|un|com)_?pass\Z"
    r"|(?:pass_?word|token)_?(?:hint|type|policy|length|count)\Z"
    r"|(?:public|partition|primary|foreign|sort|idempotency|cache|object|row|dedup)_?key\Z"
    r"|\A(?:(?:git|commit|file)_?sig|nexttoken|pagetoken|maxtokens?|nextpagetoken"
    r"|continuationtoken|oauth|boarding_?pass|sid|auth)\Z",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"pass(?!\w*port)|pwd|credential")
_PRIVATE = re.compile("api|secret|access|auth|private")
#: Starts of values that are addresses or paths, not credentials.
_ADDRESSES = ("http://", "https://", "/", "./")
_UUID = re.compile(r"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}", re.IGNORECASE)
_NAMES = (
    "key",
    "token",
    "secret",
    "pass",
    "pwd",
    "credential",
    "auth",
    "sig",
    "sess",
    "sid",
    "cookie",
    "curl",
)
_TRAILING = ".,;:!?)]}>'\"`*"


def find_credentials(page: Page) -> Iterator[Span]:
    """Find the credentials in a text, without the words around them."""
    if any(map(is_random, _RUN.findall(page.plain))):
        yield from _known(page)
    if _BEGIN in page.plain:
        for found in _PRIVATE_KEY.finditer(page.plain):
            yield page.span(*found.span(), Kind.CREDENTIAL)
    if "://" in page.plain:
        yield from _values(page, _IN_URL)
        yield from _values(page, _AMZ)
    if any(name in page.lower for name in _NAMES):
        yield from _named(page)


def _known(page: Page) -> Iterator[Span]:
    """Find credentials of known form."""
    for found in _TOKEN.finditer(page.plain):
        if is_random(found["tail"]):
            yield from _span(page, found.start(), found.end())
    for form in _FORMS:
        for found in form.finditer(page.plain):
            yield from _span(page, *found.span("value" if form.groups else 0))


def _named(page: Page) -> Iterator[Span]:
    """Find credentials in headers, in options and after the names of variables and fields."""
    for pattern in (_HEADER, _COOKIE, _USER_OPTION, _ACCOUNT_KEY):
        yield from _values(page, pattern)
    for found in _BEARER.finditer(page.plain):
        if is_random(found["value"]) and not is_placeholder(found["value"]):
            yield from _span(page, *found.span("value"))
    for found in _ASSIGNED.finditer(page.plain):
        if _is_assigned_secret(found):
            secret = _PASSWORD.search(found["name"].lower())
            kind = Kind.SECRET if secret else Kind.CREDENTIAL
            yield from _span(page, *found.span("value"), kind)


def _values(page: Page, pattern: re.Pattern[str]) -> Iterator[Span]:
    for found in pattern.finditer(page.plain):
        if not is_placeholder(found["value"]):
            yield from _span(page, *found.span("value"))


def _span(page: Page, start: int, end: int, kind: Kind = Kind.CREDENTIAL) -> Iterator[Span]:
    end = start + len(page.plain[start:end].rstrip(_TRAILING))
    if end > start:
        yield page.span(start, end, kind)


def is_random(text: str) -> bool:
    """Check that a text is no word: twelve or more letters and digits, and mixed ones."""
    runs = _LETTERS_AND_DIGITS.findall(text)
    characters = "".join(runs)
    digits = sum(map(str.isdigit, characters))
    mixed = digits > 3 or any(len(run) >= 8 and not run.isalpha() for run in runs)
    return (
        mixed
        and len(characters) >= 12
        and 0 < digits < len(characters)
        and len(set(characters)) > 5
    )


def _is_assigned_secret(found: re.Match[str]) -> bool:
    name, value = found["name"], found["value"].rstrip(_TRAILING)
    lower = name.lower().replace("-", "_")
    environment = name.isupper() and name.endswith(_ENV_SUFFIXES)
    if not (lower.endswith(_SUFFIXES) or environment):
        return False
    if is_placeholder(value) or value.startswith(_ADDRESSES) or _NO_SECRET.search(lower):
        return False
    named = "=" in found["sign"] or found["open"] != "" or "_" in lower
    if _PASSWORD.search(lower):
        # "password: it is lost": a word of a sentence.
        return not value.isalpha() or (named and value.isascii() and len(value) > 5)
    if _UUID.fullmatch(value):
        return _PRIVATE.search(lower) is not None
    return (
        len(value) >= 8
        and any(map(str.isdigit, value))
        and (is_random(value) or (named and not value.isdigit() and not environment))
    )
