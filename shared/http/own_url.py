"""Address of this API as its caller knows it."""

from fastapi import Request

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def own_url(request: Request) -> str:
    """Return the API's address with its stage or base path, as the request was sent to it.

    The scheme is HTTPS except on loopback, where the local stack listens.
    """
    event = request.scope["aws.event"]
    host = request.headers.get("host", "")
    sent = str(event["requestContext"].get("path") or event["path"])
    prefix = sent.removesuffix(str(request.scope["path"])).rstrip("/")
    scheme = "http" if host.rpartition(":")[0] in _LOOPBACK or host in _LOOPBACK else "https"
    return f"{scheme}://{host}{prefix}"
