"""Agent files: an agent as Markdown with YAML front matter, and the forms that an import reads."""

import json
import re
from datetime import datetime
from typing import Any

import yaml

from shared.agents.agents.domain import Agent
from shared.agents.api import AgentCapabilityConfig, ClientSideTool, InitialFile
from shared.core.errors import InvalidInput
from shared.core.json import MAX_NESTING, dumps, loads_strict

#: Bytes and events of YAML, at most: an agent with all its files and tools has fewer.
_MAX_YAML_BYTES = 600_000
_MAX_EVENTS = 50_000
_DELIMITER = "---"
_FRONT = re.compile(r"---[ \t]*\r?\n")
#: Begin of a line without which a text is no definition in YAML.
_DEFINITION = re.compile(r"^(name|system_prompt)\s*:", re.MULTILINE)
#: Characters that end a line in YAML, or that it has no other way to write.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def agent_to_markdown(agent: Agent) -> str:
    """Return an agent as Markdown: its fields in front, its prompt as the text.

    A prompt that begins or ends with white space is among the fields: that of the text is
    trimmed where it is read.
    """
    in_front = agent.system_prompt != agent.system_prompt.strip() or not agent.system_prompt
    fields: dict[str, Any] = {
        "id": str(agent.id),
        "name": agent.name,
        "description": agent.description,
        "system_prompt": agent.system_prompt if in_front else None,
        "default_model_id": agent.default_model_id and str(agent.default_model_id),
        "tags": list(agent.tags) or None,
        "capabilities": [one.model_dump() for one in AgentCapabilityConfig.list_of(
            agent.capabilities)] or None,
        "initial_files": [one.model_dump(mode="json") for one in InitialFile.list_of(
            agent.initial_files)] or None,
        "tools": [one.model_dump() for one in ClientSideTool.list_of(agent.tools)] or None,
    }  # fmt: skip
    # JSON is YAML; one field a line.
    lines = [f"{key}: {_yaml(value)}" for key, value in fields.items() if value is not None]
    body = "" if in_front else agent.system_prompt
    return "\n".join([_DELIMITER, *lines, _DELIMITER, body])


def parse_agent(content: str, now: datetime) -> dict[str, Any]:
    """Return the fields of an agent in Markdown with front matter, JSON, YAML or plain text.

    Plain text is the prompt; an agent without a name is named after the time. Raises
    ``InvalidInput`` for a definition that cannot be read or has no prompt.
    """
    text = content.strip()
    fields = _fields(text)
    capabilities = fields.get("capabilities")
    if isinstance(capabilities, list):
        named = ({"ref": one} if isinstance(one, str) else one for one in capabilities)
        fields["capabilities"] = list(named)
    if fields.get("system_prompt") is None:
        raise InvalidInput("system_prompt: is required, in the front matter or as the text.")
    name = fields.pop("display_name", None) or fields.get("name")
    return {**fields, "name": name or f"agent-{now:%Y%m%d-%H%M%S}"}


def file_name(agent: Agent) -> str:
    """Return the name of an agent's file: letters, digits and hyphens of its name."""
    words = re.findall(r"[a-z0-9]+", agent.name.lower())
    return "-".join(words)[:100] or str(agent.id)


def _fields(text: str) -> dict[str, Any]:
    front, closing, body = text.removeprefix(_DELIMITER).partition(f"\n{_DELIMITER}")
    if _FRONT.match(text) and closing:
        fields = _loaded(front)
        return {**fields, "system_prompt": body.strip()} if body.strip() else fields
    if text.startswith("{"):
        try:
            found = loads_strict(text)
        except ValueError as error:
            raise InvalidInput(
                f"body: must be valid JSON, as it begins with {{: {error}."
            ) from error
        return dict(found)
    return _loaded(text) if _DEFINITION.search(text) else {"system_prompt": text or None}


def _loaded(text: str) -> dict[str, Any]:
    """Return the object in YAML, with JSON's types. Raises ``InvalidInput``."""
    if len(text.encode(errors="surrogatepass")) > _MAX_YAML_BYTES:
        raise InvalidInput(f"body: YAML must have at most {_MAX_YAML_BYTES} bytes.")
    try:
        _check(text)
        value = yaml.load(text, Loader=_Loader)  # noqa: S506  # a safe loader
        found = loads_strict(json.dumps(value, allow_nan=False))
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        reason = str(error).replace("\n", " ")[:300]
        raise InvalidInput(f"body: must be valid YAML: {reason}.") from error
    if not isinstance(found, dict):
        raise InvalidInput("body: the front matter must be an object.")
    return found


def _check(text: str) -> None:
    """Raise ``ValueError`` for aliases, which multiply, and for deep or many values.

    Events are read without recursion and without building a value.
    """
    level = 0
    for number, event in enumerate(yaml.parse(text, Loader=_Loader)):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("aliases are not allowed")  # noqa: TRY004  # not the type of an argument
        level += isinstance(event, yaml.CollectionStartEvent)
        level -= isinstance(event, yaml.CollectionEndEvent)
        if level > MAX_NESTING or number > _MAX_EVENTS:
            raise ValueError(f"more than {MAX_NESTING} levels, or {_MAX_EVENTS} values")


class _Loader(yaml.CSafeLoader):
    """Safe loader; a time stays text."""


_Loader.yaml_implicit_resolvers = {
    first: [one for one in resolvers if one[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _yaml(value: Any) -> str:
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", dumps(value))
