"""Watch over the pages of a browser: errors, violations of their policy, and requests elsewhere."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

from local.settings import HOST

#: Schemes of URLs that stay within the browser.
_INNER = ("about", "blob", "data")
#: Chromium logs most violations itself, but not those of a policy that only reports.
_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy violated: ${event.effectiveDirective}: ${event.blockedURI}`));
"""


@dataclass
class PageWatch:
    """Faults of the pages of a context; a test is failed by any that it does not expect."""

    faults: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Expect faults that a test causes on purpose, such as ``status of 404``."""
        self._expected.append(re.compile(pattern))

    def attach(self, context: BrowserContext) -> None:
        """Watch all pages of a context, from their first script on."""
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("console", self._note_message)
        context.on("weberror", self._note_error)
        context.on("request", self._note_request)

    def unexpected(self) -> list[str]:
        """Return the faults that no pattern expects."""
        return [one for one in self.faults if not any(p.search(one) for p in self._expected)]

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "assert"):
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def _note_error(self, error: WebError) -> None:
        self.faults.append(f"uncaught: {error.error}")

    def _note_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in _INNER and url.hostname != HOST:
            self.faults.append(f"request to another host: {request.url[:200]}")
