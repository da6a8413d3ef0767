"""Remote capabilities: MCP servers and HTTP APIs that an agent or a session brings along.

The ref is ``mcp`` or ``http``; a label behind it, as in ``mcp:weather``, tells several apart.
Nothing here sends a request.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from shared.agents.agents.domain import HTTP, MCP, CapabilityConfig
from shared.core.errors import InvalidInput
from shared.egress.hosts import AllowedHosts, NotAllowed
from shared.secrets.organizations import SECRET_NAME

#: Remote capabilities of an agent or a session, at most.
MAX_REMOTE = 16
#: Names in one of the lists ``tools`` and ``operations``, and their length.
MAX_NAMES = 128
MAX_NAME_LENGTH = 256

_REF = re.compile(rf"({MCP}|{HTTP})(?::([A-Za-z0-9][A-Za-z0-9_-]{{0,63}}))?")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
#: Headers that frame or route a request; a secret in them would be another request.
RESERVED_HEADERS = frozenset(
    ("accept-encoding", "connection", "content-length", "content-type", "expect", "host",
     "te", "trailer", "transfer-encoding", "upgrade")
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class McpServer:
    """Configuration of an MCP server.

    Attributes
    ----------
    label
        The ref's label, or the kind; it names the server to people.
    secret
        Name of the organization's secret that authenticates; None for none.
    header
        Header that carries the secret; `Authorization` carries it as a Bearer token.
    tools
        Names of the tools to offer; None for all.
    """

    label: str
    url: str
    secret: str | None = None
    header: str = "Authorization"
    tools: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApi:
    """Configuration of an HTTP API, described by an OpenAPI document or its URL.

    Attributes
    ----------
    server
        Base URL of the requests; None for the document's first server.
    secret
        As of :class:`McpServer`; sent as the document's security scheme says.
    operations
        Names of the operations to offer; None for all.
    """

    label: str
    document: dict[str, Any] | None = field(default=None, hash=False)
    document_url: str | None = None
    server: str | None = None
    secret: str | None = None
    operations: tuple[str, ...] | None = None


type RemoteCapability = McpServer | HttpApi


def carries_secrets(header: str) -> bool:
    """Return whether a header may carry a secret: it neither frames nor routes the request."""
    return _HEADER.fullmatch(header) is not None and header.lower() not in RESERVED_HEADERS


def check_remote(capabilities: Iterable[CapabilityConfig], hosts: AllowedHosts) -> None:
    """Raise ``InvalidInput`` for an invalid configuration, or a host that is not allowed."""
    remote = [one for one in capabilities if one.is_remote]
    refs = [one.ref for one in remote]
    for ref in refs:
        if refs.count(ref) > 1:
            kind = ref.partition(":")[0]
            raise InvalidInput(
                f"capabilities: {ref} is given twice; tell them apart by labels, as {kind}:weather."
            )
    if len(remote) > MAX_REMOTE:
        raise InvalidInput(f"capabilities: at most {MAX_REMOTE} may be mcp or http.")
    for one in remote:
        parse_remote(one, hosts)


def parse_remote(capability: CapabilityConfig, hosts: AllowedHosts) -> RemoteCapability:
    """Return the configuration of a remote capability. Raises as :func:`check_remote`."""
    match = _REF.fullmatch(capability.ref)
    if match is None:
        raise InvalidInput(
            f"capabilities.ref: {capability.ref} must be mcp or http, alone or with a label of "
            "letters, digits, - and _, as mcp:weather."
        )
    kind, label = match[1], match[2] or match[1]
    fields = _Fields(capability.ref, capability.config, hosts)
    return _mcp(label, fields) if kind == MCP else _http(label, fields)


def _mcp(label: str, fields: "_Fields") -> McpServer:
    fields.allow("url", "secret", "header", "tools")
    server = McpServer(
        label=label,
        url=fields.url("url") or "",
        secret=fields.secret(),
        header=fields.header(),
        tools=fields.names("tools"),
    )
    if not server.url:
        raise fields.error("url", "must be the https:// URL of the MCP server")
    return server


def _http(label: str, fields: "_Fields") -> HttpApi:
    fields.allow("document", "document_url", "server", "secret", "operations")
    document = fields.config.get("document")
    if document is not None and not isinstance(document, dict):
        raise fields.error("document", "must be an OpenAPI document as a JSON object")
    api = HttpApi(
        label=label,
        document=document,
        document_url=fields.url("document_url"),
        server=fields.url("server"),
        secret=fields.secret(),
        operations=fields.names("operations"),
    )
    if (api.document is None) == (api.document_url is None):
        raise fields.error("document", "must be set, or document_url instead; not both")
    if api.document is not None:
        # Few agents have a document; the others do not load its parser.
        from shared.agents.tools.openapi_document import check_document  # noqa: PLC0415

        check_document(api, fields.hosts)
    return api


class _Fields:
    """The fields of a configuration; each method raises ``InvalidInput`` with the field's name."""

    def __init__(self, ref: str, config: Any, hosts: AllowedHosts) -> None:
        self._ref = ref
        self.hosts = hosts
        if not isinstance(config, dict):
            raise InvalidInput(f"capabilities.config: of {ref} must be an object.")
        self.config: dict[str, Any] = config

    def error(self, name: str, rule: str) -> InvalidInput:
        return InvalidInput(f"capabilities.config.{name}: of {self._ref} {rule}.")

    def allow(self, *names: str) -> None:
        unknown = [name for name in self.config if name not in names]
        if unknown:
            raise self.error(unknown[0][:64], f"is unknown; known are {', '.join(names)}")

    def text(self, name: str) -> str | None:
        value = self.config.get(name)
        if value is not None and not isinstance(value, str):
            raise self.error(name, "must be a string")
        return value

    def url(self, name: str) -> str | None:
        value = self.text(name)
        if value is not None:
            try:
                self.hosts.check_url(value)
            except NotAllowed as refused:
                raise self.error(name, str(refused)) from refused
        return value

    def secret(self) -> str | None:
        value = self.text("secret")
        if value is not None and SECRET_NAME.fullmatch(value) is None:
            raise self.error(
                "secret",
                "must be the name of a secret, of letters, digits, . _ and -, and not the secret "
                "itself",
            )
        return value

    def header(self) -> str:
        value = self.text("header")
        if value is None:
            return "Authorization"
        if not carries_secrets(value):
            raise self.error("header", "must be the name of a header that may carry a secret")
        return value

    def names(self, name: str) -> tuple[str, ...] | None:
        values = self.config.get(name)
        if values is None:
            return None
        if (
            not isinstance(values, list)
            or not 1 <= len(values) <= MAX_NAMES
            or not all(isinstance(one, str) and 0 < len(one) <= MAX_NAME_LENGTH for one in values)
        ):
            raise self.error(name, f"must be a list of 1 to {MAX_NAMES} names")
        return tuple(dict.fromkeys(values))
