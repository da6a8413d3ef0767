"""Parameters of template.yaml, and the values that `PARAMETERS="NAME=VALUE …"` gives them.

Uses the standard library only: `make run` reads them before anything is installed.
"""

import re
from collections.abc import Iterable

from local.console import BadValue
from local.settings import ROOT
from shared.egress.hosts import AllowedHosts

#: Set by the build, so that they fit the artifact.
_OF_THE_BUILD = ("PythonRuntime", "Architecture", "BuildSha")
_SECTION = re.compile(r"^Parameters:\n((?:[ #].*)?\n)+", re.MULTILINE)
_ENTRY = re.compile(r"^  (\w+):\n((?:    .*\n|\n)*)", re.MULTILINE)
_DEFAULT = re.compile(r"^    Default: *(.*?)(?: +#.*)?$", re.MULTILINE)


def declared() -> dict[str, str]:
    """Return the names of the template's parameters, in its order, with their defaults."""
    section = _SECTION.search((ROOT / "template.yaml").read_text())
    assert section is not None, "template.yaml has no Parameters"
    defaults = {}
    for name, body in _ENTRY.findall(section[0]):
        found = _DEFAULT.search(body)
        text = found[1] if found else ""
        is_quoted = text[:1] == text[-1:] == "'"
        defaults[name] = text[1:-1].replace("''", "'") if is_quoted else text
    return defaults


def parse(pairs: Iterable[str]) -> dict[str, str]:
    """Return the values of ``NAME=VALUE`` pairs.

    Raises ``BadValue`` for a malformed pair, a repeated name, and a parameter that cannot be
    """
    known = declared()
    chosen: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise BadValue(f"PARAMETERS: expected NAME=VALUE, not {pair}")
        if name not in known:
            raise BadValue(f"PARAMETERS: template.yaml has no {name}; it has {', '.join(known)}")
        if name in _OF_THE_BUILD:
            raise BadValue(f"PARAMETERS: {name} is set by the build; leave it out")
        if name in chosen:
            raise BadValue(f"PARAMETERS: {name} is given twice; give it once")
        if name == "OutgoingHosts":
            _check_hosts(value)
        chosen[name] = value
    return chosen


def _check_hosts(text: str) -> None:
    try:
        AllowedHosts.parse(text)
    except ValueError as error:
        reason = str(error).removeprefix("OUTGOING_HOSTS: ")
        raise BadValue(f"PARAMETERS: OutgoingHosts: {reason}") from error


def overrides(values: dict[str, str]) -> list[str]:
    """Return parameters in the form of ``--parameter-overrides``, quoted because some are empty."""
    escaped = {name: value.replace('"', '\\"') for name, value in values.items()}
    return [f'{name}="{value}"' for name, value in escaped.items()]
