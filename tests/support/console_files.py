"""Files of the console's build, fetched from the stack once for all contexts of a browser."""

from dataclasses import dataclass, field

import httpx
from playwright.sync_api import BrowserContext, Route

from tests.support.running_stack import PATIENCE

#: Their names have a hash of their content.
_FILES = "**/console/assets/*"


@dataclass
class ConsoleFiles:
    """The files that were asked for so far: a new context has an empty cache of its own."""

    _answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)

    def serve(self, context: BrowserContext) -> None:
        """Answer a context's requests for files that another one has read."""
        context.route(_FILES, self._answer)

    def _answer(self, route: Route) -> None:
        url = route.request.url
        if url not in self._answers:
            # Not by the route: its answer ends with the context, this one is for the next ones too.
            response = httpx.get(url, timeout=PATIENCE)
            headers = {name: value for name, value in response.headers.items() if _is_kept(name)}
            self._answers[url] = response.status_code, headers, response.content
        status, headers, body = self._answers[url]
        route.fulfill(status=status, headers=headers, body=body)


def _is_kept(header: str) -> bool:
    # The body is here as it was before its compression.
    return header not in ("content-encoding", "content-length")
