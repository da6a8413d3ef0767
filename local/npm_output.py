"""Output of npm: the reason of a failed installation or script."""

import re

from local.console import error_line

_UNREACHABLE = re.compile(
    r"npm error (?:code|errno) (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH"
    r"|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|CERT_HAS_EXPIRED|SELF_SIGNED_CERT_IN_CHAIN"
    r"|UNABLE_TO_[A-Z_]+)\b"
)
_REFUSALS = (
    (r"npm error code ENOSPC|ENOSPC: ", "the disk is full: free some space"),
    (
        r"npm error code EINTEGRITY\n(?:npm error )?\S*",
        "a package has another hash than the lock file: npm's registry serves another file",
    ),
    (
        r"npm error code EUSAGE",
        "package-lock.json does not fit package.json: run `npm install` in console/",
    ),
    (r"npm error 404 +'?(\S+@\S+?)'?(?: |$)", "npm's registry has no {0}"),
)
#: Lines in which the tools of a build name an error.
_OF_TOOLS = re.compile(
    r"^(\S+\(\d+,\d+\): error TS.*)$|error during build:\s*\n(?:Build failed with .*\n\s*)?(.+)"
    r"|^(?:\S+ )?(\[?\w*Error\]?: .+)$",
    re.MULTILINE,
)
#: Place of the error in a source, as the bundler frames it.
_PLACE = re.compile(r"\[ (\S+:\d+:\d+) \]")
_COLOR = re.compile(r"\x1b\[[0-9;]*m")


def is_unreachable(output: str) -> bool:
    """Return whether npm failed because it got no answer from its registry."""
    return bool(_UNREACHABLE.search(output))


def failure_reason(output: str) -> str:
    """Return why npm has failed, by its output, in one line."""
    output = _COLOR.sub("", output)
    if found := _UNREACHABLE.search(output):
        return (
            f"npm's registry cannot be reached ({found[1]}); "
            "check the network and npm's configuration"
        )
    for pattern, reason in _REFUSALS:
        if found := re.search(pattern, output, re.MULTILINE):
            return reason.format(*found.groups())
    if found := _OF_TOOLS.search(output):
        place = _PLACE.search(output, found.end())
        return next(text for text in found.groups() if text) + (f" ({place[1]})" if place else "")
    others = [line for line in output.splitlines() if not line.startswith("npm error ")]
    return error_line("\n".join(others) or output)
