"""Files of a session for tests."""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tests.support.gateway import Answer, Gateway


class FileApi:
    """The file routes of one session."""

    def __init__(self, api: Gateway, session_id: str) -> None:
        self.api = api
        self.session_id = session_id
        self.url = f"/v1/sessions/{session_id}/fs"

    def create(self, path: str, *, key: str | None = None, **body: Any) -> Answer:
        headers = {"idempotency-key": key} if key else None
        return self.api("POST", f"{self.url}/{path}", body, headers=headers)

    def read(self, path: str) -> Answer:
        return self.api("GET", f"{self.url}/{path}")

    def update(self, path: str, *, if_match: str | None = None, **body: Any) -> Answer:
        return self.api("PUT", f"{self.url}/{path}", body, headers=_if_match(if_match))

    def delete(self, path: str, *, if_match: str | None = None) -> Answer:
        return self.api("DELETE", f"{self.url}/{path}", headers=_if_match(if_match))

    def listing(self, *, recursive: bool = False) -> Answer:
        return self.api("GET", self.url + ("?recursive=true" if recursive else ""))

    def action(self, name: str, *, key: str | None = None, **body: Any) -> Answer:
        headers = {"idempotency-key": key} if key else None
        return self.api("POST", f"{self.url}/_/{name}", body, headers=headers)

    def paths(self, *, recursive: bool = False) -> list[str]:
        """Return the paths of the root, or of all files."""
        return [one["path"] for one in self.listing(recursive=recursive).json["data"]]

    def data(self, path: str) -> bytes:
        """Return the content of a file as bytes."""
        answer = self.read(quote(path))
        assert answer.status == 200, answer.text
        content: str = answer.json["content"]
        if answer.json["encoding"] == "base64":
            return base64.b64decode(content)
        return content.encode()

    def every_request(self, path: str) -> Iterator[Answer]:
        """Send one request to each route."""
        yield self.listing()
        yield self.read(path)
        yield self.create(path, content="x")
        yield self.update(path, content="x")
        yield self.delete(path)
        yield self.action("move", src_path=path, dst_path="other")
        yield self.action("copy", src_path=path, dst_path="other")
        yield self.action("stat", path=path)
        yield self.action("grep", pattern="x")


def _if_match(tag: str | None) -> dict[str, str] | None:
    return {"if-match": tag} if tag else None
