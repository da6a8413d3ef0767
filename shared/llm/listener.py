"""Listener of a streamed answer."""

import time
from collections.abc import Callable, Iterable, Iterator

#: Seconds after which a listener is called again though no text arrived.
_BEAT_SECONDS = 0.5


class Listener:
    """Receiver of a request's text, which knows whether any was handed on.

    ``check`` is called with every piece, and stops the stream by what it raises.
    """

    def __init__(
        self, on_text: Callable[[str], None] | None, check: Callable[[], None] = lambda: None
    ) -> None:
        self._on_text = on_text
        self._check = check
        self._text = ""
        self._called_at = time.monotonic()
        self.has_heard = False

    def hear(self, text: str) -> None:
        """Hand on the whole text so far."""
        if self._on_text is not None:
            self.has_heard = True
            self._call(text)

    def watch[T](self, pieces: Iterable[T]) -> Iterator[T]:
        """Yield the pieces of a stream.

        While they bring no text, as those of reasoning and of arguments, the text so far is
        handed on again now and then, so that its receiver can stop the stream.
        """
        for piece in pieces:
            self._check()
            if time.monotonic() - self._called_at >= _BEAT_SECONDS:
                self._call(self._text)
            yield piece

    def _call(self, text: str) -> None:
        self._text = text
        self._called_at = time.monotonic()
        if self._on_text is not None:
            self._on_text(text)
