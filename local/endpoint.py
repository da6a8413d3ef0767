"""`endpoint.json`: URL and API key of the stack, for people, tests and tools."""

import json
import os
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Endpoint:
    """URLs and credentials of a local stack."""

    api_url: str
    api_key: str
    organization_id: str
    aws_endpoint_url: str
    stack_name: str
    table_name: str

    def write(self, path: Path) -> None:
        """Write the file atomically, readable by its owner only: it holds a key."""
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(json.dumps(asdict(self), indent=2) + "\n")
        partial.rename(path)

    @classmethod
    def read(cls, path: Path) -> "Endpoint | None":
        """Read the file; None if it cannot be read or has another format."""
        try:
            return cls(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            return None


open_direct = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
"""Opens a URL of this machine, without the proxy of the user's shell."""


def status(url: str, api_key: str = "", *, seconds: float = 30) -> int:
    """Return the status of a GET on this machine, 0 if there is no answer in time."""
    request = urllib.request.Request(url, headers={"x-api-key": api_key} if api_key else {})
    try:
        with open_direct(request, timeout=seconds) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (urllib.error.URLError, OSError):
        return 0
