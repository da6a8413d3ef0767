"""Secrets of organizations: their names, and texts without their values."""

import re
from base64 import b64encode
from typing import Any
from urllib.parse import quote

from shared.core.ids import OrganizationId

#: Name of an organization's secret, and its value: what a header can carry.
SECRET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
SECRET_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
#: Organizations' secrets are parameters below this name (see template.yaml).
_PREFIX = "/agent-sessions"
_HIDDEN = "[secret]"


def parameter_name(organization: OrganizationId | str, name: str) -> str:
    """Return the stored name of an organization's secret; ``name`` reaches no other's."""
    return f"{_PREFIX}/{organization}/{name}"


def hide(value: Any, secret: str | None) -> Any:
    """Return a JSON value with a mark in place of a secret, in texts and in keys.

    Also in the forms in which requests carry it: percent-encoded, and in Base64.
    """
    if not secret:
        return value
    if isinstance(value, str):
        for form in (secret, quote(secret, safe=""), b64encode(secret.encode()).decode()):
            value = value.replace(form, _HIDDEN)
        return value
    if isinstance(value, list):
        return [hide(one, secret) for one in value]
    if isinstance(value, dict):
        return {hide(name, secret): hide(one, secret) for name, one in value.items()}
    return value
