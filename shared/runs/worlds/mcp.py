"""Model Context Protocol of a world: requests of JSON-RPC, and their answers.

Stateless: no session id, no stream, no message of the server's own. Clients of the revisions
with a handshake (2024-11-05 to 2025-11-25) and without one (2026-07-28) are served alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any

from shared.core.errors import DomainError, InvalidInput, TooLarge
from shared.core.json import as_text, loads_strict
from shared.runs.worlds.service import WorldSession

type Message = dict[str, Any]

#: Revisions with a handshake; the last one is offered to clients of others.
HANDSHAKE_VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
#: Revision in which every request says its own.
STATELESS_VERSION = "2026-07-28"
VERSIONS = (*HANDSHAKE_VERSIONS, STATELESS_VERSION)
#: The only revision with several messages in one request, and of a request without a header.
BATCH_VERSION = "2025-03-26"
#: Messages of such a request, at most.
MAX_BATCH = 50

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
SERVER_ERROR = -32000
HEADER_MISMATCH = -32020
UNSUPPORTED_VERSION = -32022
#: Milliseconds for which a client may keep a listing: a world does not change.
_TTL = 3_600_000
_CAPABILITIES: dict[str, Any] = {"tools": {}}
_SERVER = {"name": "agent-sessions-world", "version": "1"}
_META = "io.modelcontextprotocol/"


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer to one request over HTTP: a body, or none to notifications.

    ``failure`` is the domain error that decides the status, where the one message has one.
    """

    status: int = 202
    body: Message | list[Message] | None = None
    failure: DomainError | None = None


class RpcError(Exception):
    """Error of the protocol. ``status`` is that of HTTP where the message is alone."""

    def __init__(self, code: int, message: str, *, status: int = 200, data: Any = None) -> None:
        super().__init__(message)
        self.error = {"code": code, "message": message}
        if data is not None:
            self.error["data"] = data
        self.status = status


class McpServer:
    """Server of one request to a world; header names are in lower case."""

    def __init__(self, world: WorldSession, headers: Mapping[str, str]) -> None:
        self._world = world
        self._headers = headers

    def answer(self, text: bytes) -> Reply:
        """Answer a message, or several of revision 2025-03-26, as bytes of JSON."""
        try:
            body = loads_strict(text)
        except JSONDecodeError as error:
            reason = {"code": PARSE_ERROR, "message": f"body: must be JSON; {error.msg}."}
            return Reply(400, _error_message(None, reason))
        version = self._headers.get("mcp-protocol-version", BATCH_VERSION)
        try:
            if version not in VERSIONS:
                raise _unsupported(version)
            if isinstance(body, list):
                return self._answer_batch(body, version)
            result = self._answer(body)
        except RpcError as error:
            return Reply(error.status, _error_message(_id_of(body), error.error))
        except DomainError as error:
            return self.refuse(error, _id_of(body))
        return Reply() if result is None else Reply(200, result)

    def refuse(self, error: DomainError, identifier: str | int | None = None) -> Reply:
        """Answer a request that a domain error ends."""
        return Reply(500, _error_message(identifier, _error_of(error)), error)

    def _answer_batch(self, messages: list[Any], version: str) -> Reply:
        if version != BATCH_VERSION or not 0 < len(messages) <= MAX_BATCH:
            rule = f"1 to {MAX_BATCH} messages, of revision {BATCH_VERSION} only"
            raise RpcError(INVALID_REQUEST, f"A batch must have {rule}.", status=400)
        answers = [one for one in map(self._answer_one_of_many, messages) if one is not None]
        return Reply(200, answers) if answers else Reply()

    def _answer_one_of_many(self, message: Any) -> Message | None:
        try:
            if isinstance(message, dict) and message.get("method") == "initialize":
                raise RpcError(INVALID_REQUEST, "initialize: must be sent alone.")
            return self._answer(message)
        except RpcError as error:
            return _error_message(_id_of(message), error.error)
        except DomainError as error:
            return _error_message(_id_of(message), _error_of(error))

    def _answer(self, message: Any) -> Message | None:
        """Return the answer to one message, None to a notification or an answer."""
        if not isinstance(message, dict):
            raise RpcError(INVALID_REQUEST, "body: must be a JSON object.", status=400)
        if message.get("jsonrpc") != "2.0":
            raise RpcError(INVALID_REQUEST, "jsonrpc: must be '2.0'.", status=400)
        method = message.get("method")
        if method is None and message.keys() & {"result", "error"}:
            return None
        if not isinstance(method, str):
            raise RpcError(INVALID_REQUEST, "method: must be a text.", status=400)
        if "id" not in message:
            return None
        if _id_of(message) is None:
            raise RpcError(INVALID_REQUEST, "id: must be a text or an integer.", status=400)
        params = message.get("params", {})
        if not isinstance(params, dict):
            raise RpcError(INVALID_PARAMS, "params: must be an object.", status=400)
        is_stateless = self._check_stateless(method, params)
        result = self._result(method, params, is_stateless=is_stateless)
        return {"jsonrpc": "2.0", "id": message["id"], "result": result}

    def _check_stateless(self, method: str, params: Message) -> bool:
        """Check the revision of a request without a handshake, and the headers that repeat it."""
        meta = params.get("_meta")
        version = meta.get(f"{_META}protocolVersion") if isinstance(meta, dict) else None
        if version is None:
            return False
        if version != STATELESS_VERSION:
            raise _unsupported(version)
        names = {"mcp-protocol-version": version, "mcp-method": method}
        for name, expected in names.items():
            if self._headers.get(name, expected) != expected:
                message = f"{name}: must be {expected!r}, as in the body."
                raise RpcError(HEADER_MISMATCH, message, status=400)
        return True

    def _result(self, method: str, params: Message, *, is_stateless: bool) -> Message:
        cached = {"ttlMs": _TTL, "cacheScope": "private"} if is_stateless else {}
        complete = {"resultType": "complete"} if is_stateless else {}
        match method:
            case "ping":
                return complete
            case "initialize":
                return self._initialize(params)
            case "server/discover":
                self._world.check()
                offer = {"supportedVersions": list(VERSIONS), "capabilities": _CAPABILITIES}
                return offer | cached | complete | {"_meta": {f"{_META}serverInfo": _SERVER}}
            case "tools/list":
                return {"tools": self._list(params)} | cached | complete
            case "tools/call":
                return self._call(params) | complete
        message = f"{method[:100]}: the world has tools only."
        raise RpcError(METHOD_NOT_FOUND, message, status=404 if is_stateless else 200)

    def _initialize(self, params: Message) -> Message:
        self._world.check()
        asked = params.get("protocolVersion")
        if not isinstance(asked, str):
            raise RpcError(INVALID_PARAMS, "protocolVersion: must be a text.")
        return {
            "protocolVersion": asked if asked in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[-1],
            "capabilities": _CAPABILITIES,
            "serverInfo": _SERVER,
        }

    def _list(self, params: Message) -> list[Message]:
        if params.get("cursor") is not None:
            raise RpcError(INVALID_PARAMS, "cursor: must be absent; the listing has one page.")
        return [{"name": one.name, "inputSchema": one.input_schema} for one in self._world.tools()]

    def _call(self, params: Message) -> Message:
        name, arguments = params.get("name"), params.get("arguments")
        if not isinstance(name, str):
            raise RpcError(INVALID_PARAMS, "name: must be a text.")
        if arguments is not None and not isinstance(arguments, dict):
            raise RpcError(INVALID_PARAMS, "arguments: must be an object.")
        call = self._world.call(name, arguments or {})
        text = as_text(call.output) if call.error is None else call.error
        return {"content": [{"type": "text", "text": text}], "isError": call.error is not None}


def _error_message(identifier: str | int | None, error: Mapping[str, Any]) -> Message:
    return {"jsonrpc": "2.0", "id": identifier, "error": error}


def _error_of(error: DomainError) -> dict[str, Any]:
    """Return a domain error as an error of JSON-RPC, with its code as data."""
    is_params = isinstance(error, InvalidInput | TooLarge)
    code = INVALID_PARAMS if is_params else SERVER_ERROR
    return {"code": code, "message": error.message, "data": {"error": error.code}}


def _unsupported(version: Any) -> RpcError:
    data = {"supported": list(VERSIONS), "requested": str(version)[:100]}
    return RpcError(UNSUPPORTED_VERSION, "Unsupported protocol version", status=400, data=data)


def _id_of(message: Any) -> str | int | None:
    """Return the id of a request, None if it has no valid one."""
    found = message.get("id") if isinstance(message, dict) else None
    is_valid = isinstance(found, str | int) and not isinstance(found, bool)
    return found if is_valid else None
