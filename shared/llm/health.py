"""Health of models' servers: whether each answers, measured in parallel and cached."""

import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

from shared.llm.http_call import NoConnection, TimedOut, TooLong, send

#: Seconds for all servers together.
LIMIT_SECONDS = 2.0
#: Seconds for which a result is kept.
KEPT_SECONDS = 30.0

#: A server and the reason why it is not reachable; None if it is.
type Reasons = dict[str, str | None]


def probe(base_url: str) -> str | None:
    """Return why a server is not reachable; None if it answers ``GET <base url>/models``.

    No key is sent: a refusal is an answer too.
    """
    parts = urlsplit(base_url)
    host = f"{parts.scheme}://{parts.netloc}"
    url = base_url.rstrip("/") + "/models"
    try:
        with send("GET", url, headers={"accept": "*/*"}, seconds=LIMIT_SECONDS) as response:
            if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return f"{host} answers {response.status}."
    except NoConnection as error:
        return f"{host} does not answer: {error}."
    except ValueError:
        return f"{host} is no valid address."
    except (TimedOut, TooLong):
        return _late(host)
    return None


def _late(host: str) -> str:
    return f"{host} does not answer within {LIMIT_SECONDS:.0f} s."


class ServerHealth:
    """Health of servers, as this process last measured it."""

    def __init__(
        self,
        probe: Callable[[str], str | None] = probe,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._probe = probe
        self._monotonic = monotonic
        self._measured: dict[str, tuple[float, str | None]] = {}

    def reasons(self, base_urls: Iterable[str]) -> Reasons:
        """Return the reasons of servers; takes ``LIMIT_SECONDS`` at most, and never fails."""
        urls = list(dict.fromkeys(base_urls))
        now = self._monotonic()
        old = [
            url
            for url in urls
            if url not in self._measured or now - self._measured[url][0] >= KEPT_SECONDS
        ]
        for url, reason in self._measure(old).items():
            self._measured[url] = (now, reason)
        return {url: self._measured[url][1] for url in urls}

    def _measure(self, urls: list[str]) -> Reasons:
        """Probe servers in threads of their own; one that is not done in time is late.

        A thread may outlast its request: nothing bounds the resolution of a host's name.
        """
        results: Reasons = {url: _late(url) for url in urls}

        def run(url: str) -> None:
            done[url] = self._probe(url)

        done: Reasons = {}
        threads = [threading.Thread(target=run, args=[url], daemon=True) for url in urls]
        deadline = time.monotonic() + LIMIT_SECONDS
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(deadline - time.monotonic(), 0))
        return results | dict(done)
