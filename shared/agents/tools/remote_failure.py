"""Failure of a remote server, and the limits of what it may send."""

#: Tools of one server that a model gets, at most.
MAX_TOOLS = 128
#: Bytes of a tool's schema, and of all tools of a server.
MAX_SCHEMA_BYTES = 32 * 1024
MAX_LISTING_BYTES = 512 * 1024
MAX_DESCRIPTION_LENGTH = 4096
#: Seconds that a request to a server may take.
MAX_SECONDS = 30.0


class RemoteFailed(Exception):
    """Server that cannot be used; ``retryable`` if it may be used later without a change."""

    def __init__(self, reason: str, *, retryable: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable
