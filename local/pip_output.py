"""Output of pip: progress of an installation, and the reason of a failed one."""

import re

from local.console import error_line

_BROKEN = re.compile(
    r"WARNING: Retrying .*connection broken by '(.*)': \S*?/([^/\s]+)/?$"
    r"|Could not fetch URL .*/([^/\s]+)/?: (.*)",
    re.MULTILINE,
)
_CAUSE = re.compile(r"\[(?:Errno|SSL)[^]]*\] ([^'\"():]+)|(timed out)")
_REFUSALS = (
    (r"\[Errno 28\]|No space left on device", "the disk is full: free some space"),
    (
        r"DO NOT MATCH THE HASHES[^\n]*\n\s*(\S+)",
        "{0} has another hash than the lock file: the package index serves another file",
    ),
    (
        r"No matching distribution found for (\S+)",
        "the package index has no {0} for this Python and machine",
    ),
)


class Progress:
    """Progress of ``pip install`` by its lines of output."""

    def __init__(self) -> None:
        self.collected = 0
        self.skipped = 0
        self.is_installing = False
        self.has_broken_connection = False

    def read(self, line: str) -> None:
        """Update the counts from a line of output."""
        if line.startswith("Collecting "):
            self.collected += 1
        elif line.startswith("Ignoring "):  # its marker is for another machine
            self.skipped += 1
        elif line.startswith("Installing collected packages"):
            self.is_installing = True
        elif _BROKEN.search(line):
            self.has_broken_connection = True

    @property
    def is_without_network(self) -> bool:
        """Return whether a connection was broken and none has worked."""
        return self.has_broken_connection and not self.collected


def failure_reason(output: str) -> str:
    """Return why an installation has failed, by pip's output, in one line."""
    for pattern, reason in _REFUSALS[:2]:
        if found := re.search(pattern, output):
            return reason.format(*found.groups())
    broken = list(_BROKEN.finditer(output))
    if broken:
        text, package, other_package, other_text = broken[-1].groups()
        cause = _CAUSE.search(text or other_text)
        return (
            "the package index cannot be reached (pip asked for "
            f"{package or other_package}{f': {(cause[1] or cause[2]).strip()}' if cause else ''}); "
            "check the network and pip's configuration"
        )
    pattern, reason = _REFUSALS[2]
    found = re.search(pattern, output)
    return reason.format(*found.groups()) if found else error_line(output)
