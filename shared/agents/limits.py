"""Size limits of client input. Their errors begin with the same words.

The Everruns API defines those of agents, and the words; the others are this project's own.
Together they keep an agent and a session below the 400 KB of a stored item.
"""

from collections.abc import Iterable

from shared.agents.agents.domain import CapabilityConfig
from shared.core.errors import InvalidInput
from shared.core.json import dumps

MAX_NAME_BYTES = 2048
MAX_DESCRIPTION_BYTES = 10 * 1024
MAX_SYSTEM_PROMPT_BYTES = 256 * 1024
MAX_TITLE_LENGTH = 255
MAX_TAGS = 50
MAX_TAG_LENGTH = 128
MAX_CAPABILITIES = 250
MAX_CAPABILITY_REF_BYTES = 128
MAX_CAPABILITY_CONFIG_BYTES = 64 * 1024
#: Bytes of a message with all its parts, as JSON. It is stored in an item of its own, of
#: 400 KB, with room for escapes and the item's other attributes.
MAX_MESSAGE_BYTES = 320 * 1024


def require(within: bool, rule: str) -> None:
    """Raise ``InvalidInput`` with the Everruns API's words and the rule, unless it is met."""
    if not within:
        raise InvalidInput(f"Input exceeds allowed limits: {rule}.")


def size(text: str | None) -> int:
    """Return the bytes of a text as it is stored."""
    return len((text or "").encode("utf-8", "surrogatepass"))


def check_agent(name: str | None, description: str | None, system_prompt: str | None) -> None:
    """Check the texts of an agent; None is not checked."""
    _check_bytes("name", name, MAX_NAME_BYTES)
    _check_bytes("description", description, MAX_DESCRIPTION_BYTES)
    _check_bytes("system_prompt", system_prompt, MAX_SYSTEM_PROMPT_BYTES)


def check_title(title: str | None) -> None:
    """Check the title of a session."""
    require(
        len(title or "") <= MAX_TITLE_LENGTH,
        f"title must have at most {MAX_TITLE_LENGTH} characters",
    )


def check_tags(tags: Iterable[str]) -> None:
    """Check the number and length of tags."""
    tags = list(tags)
    require(len(tags) <= MAX_TAGS, f"tags must be at most {MAX_TAGS}")
    require(
        all(len(tag) <= MAX_TAG_LENGTH for tag in tags),
        f"tags must have at most {MAX_TAG_LENGTH} characters each",
    )


def check_capabilities(capabilities: Iterable[CapabilityConfig]) -> None:
    """Check the number and ids of capabilities, and the size of all configurations together."""
    capabilities = list(capabilities)
    require(
        len(capabilities) <= MAX_CAPABILITIES, f"capabilities must be at most {MAX_CAPABILITIES}"
    )
    for one in capabilities:
        _check_bytes("capabilities.ref", one.ref, MAX_CAPABILITY_REF_BYTES)
    configured = [one.config for one in capabilities if one.config is not None]
    require(
        sum(size(dumps(config)) for config in configured) <= MAX_CAPABILITY_CONFIG_BYTES,
        f"capabilities.config must have at most {MAX_CAPABILITY_CONFIG_BYTES} bytes in all",
    )


def _check_bytes(field: str, text: str | None, most: int) -> None:
    require(size(text) <= most, f"{field} must have at most {most} bytes")
