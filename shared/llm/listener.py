"""Listener of a streamed answer."""

from collections.abc import Callable


class Listener:
    """Receiver of a request's text, which knows whether any was handed on.

    ``check`` is called with every piece, and stops the stream by what it raises.
    """

    def __init__(
        self, on_text: Callable[[str], None] | None, check: Callable[[], None] = lambda: None
    ) -> None:
        self._on_text = on_text
        self._check = check
        self.has_heard = False

    def hear(self, text: str) -> None:
        """Hand on the whole text so far."""
        self._check()
        if self._on_text is not None:
            self.has_heard = True
            self._on_text(text)
