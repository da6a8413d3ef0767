"""Size limits of client input. Their errors begin with the same words.

The Everruns API defines those of agents, and the words; the others are this project's own.
Together they keep an agent and a session below the 400 KB of a stored item; an agent whose
prompt and initial files exceed that together is refused by the storage.
"""

from collections.abc import Iterable
from dataclasses import asdict

from shared.agents.agents.domain import CapabilityConfig, ClientTool, InitialFile
from shared.agents.file_contents import decode
from shared.agents.file_paths import MAX_ENTRIES, parents
from shared.core.errors import InvalidInput
from shared.core.json import dumps, nesting

MAX_NAME_BYTES = 2048
MAX_DESCRIPTION_BYTES = 10 * 1024
MAX_SYSTEM_PROMPT_BYTES = 256 * 1024
MAX_TITLE_LENGTH = 255
MAX_TAGS = 50
MAX_TAG_LENGTH = 128
MAX_CAPABILITIES = 250
MAX_CAPABILITY_REF_BYTES = 128
MAX_CAPABILITY_CONFIG_BYTES = 64 * 1024
MAX_INITIAL_FILES = 50
#: Bytes of the contents of all initial files of an agent or of a session, as they were sent.
MAX_INITIAL_FILES_BYTES = 128 * 1024
#: Bytes of the body of a request with the content of a file: a function's event holds 6 MB, in
#: which a quotation mark or a line end takes twice its bytes.
MAX_FILE_BODY = 6_000_000
MAX_TOOLS = 64
MAX_TOOL_NAME_LENGTH = 64
MAX_TOOL_DESCRIPTION_BYTES = 4 * 1024
#: Bytes and levels of the JSON schema of a tool's arguments; bytes of all tools of a list.
MAX_TOOL_PARAMETERS_BYTES = 16 * 1024
MAX_TOOL_PARAMETERS_LEVELS = 20
MAX_TOOLS_BYTES = 64 * 1024
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
    """Check the number and ids of capabilities, and the size of all configurations together.

    Those of remote capabilities are checked whole.
    """
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
    if any(one.is_remote for one in capabilities):
        # Few agents have one; the other requests do not load the check.
        from shared.agents.remote_capabilities import check_remote  # noqa: PLC0415
        from shared.egress.wiring import allowed_hosts  # noqa: PLC0415

        check_remote(capabilities, allowed_hosts())


def check_initial_files(files: Iterable[InitialFile]) -> None:
    """Check number, size, contents and paths of the initial files of an agent or a session.

    The directories above them count: a session would have them too.
    """
    files = list(files)
    require(len(files) <= MAX_INITIAL_FILES, f"initial_files must be at most {MAX_INITIAL_FILES}")
    require(
        sum(size(one.content) for one in files) <= MAX_INITIAL_FILES_BYTES,
        f"initial_files must have at most {MAX_INITIAL_FILES_BYTES} bytes of content in all",
    )
    paths = {one.path for one in files}
    if len(paths) < len(files):
        raise InvalidInput("initial_files: each file must have a path of its own.")
    directories = {directory for path in paths for directory in parents(path)}
    require(
        len(paths) + len(directories) <= MAX_ENTRIES,
        f"initial_files and the directories above them must be at most {MAX_ENTRIES}",
    )
    for one in files:
        decode(one.content, one.encoding, f"initial_files: {one.path}")
        if above := paths.intersection(parents(one.path)):
            raise InvalidInput(f"initial_files: {above.pop()} is a file; nothing can be below it.")


def check_tools(tools: Iterable[ClientTool]) -> None:
    """Check the names and schemas of client-side tools, and their size.

    Raises ``InvalidInput`` also for a schema that is not an object's.
    """
    tools = list(tools)
    require(len(tools) <= MAX_TOOLS, f"tools must be at most {MAX_TOOLS}")
    if len({tool.name for tool in tools}) < len(tools):
        raise InvalidInput("tools.name: must be unique in the list.")
    for tool in tools:
        _check_bytes("tools.description", tool.description, MAX_TOOL_DESCRIPTION_BYTES)
        _check_bytes("tools.parameters", dumps(tool.parameters), MAX_TOOL_PARAMETERS_BYTES)
        require(
            nesting(tool.parameters) <= MAX_TOOL_PARAMETERS_LEVELS,
            f"tools.parameters must have at most {MAX_TOOL_PARAMETERS_LEVELS} levels",
        )
        if tool.parameters.get("type", "object") != "object":
            raise InvalidInput("tools.parameters: must be the JSON schema of an object.")
    size_of_all = sum(size(dumps(asdict(tool))) for tool in tools)
    require(size_of_all <= MAX_TOOLS_BYTES, f"tools must have at most {MAX_TOOLS_BYTES} bytes")


def _check_bytes(field: str, text: str | None, most: int) -> None:
    require(size(text) <= most, f"{field} must have at most {most} bytes")
