"""The notes of a session: a few short texts under keys."""

from dataclasses import dataclass, field

#: Together well below the size of a stored item.
MAX_NOTES = 100
MAX_KEY_LENGTH = 128
MAX_VALUE_LENGTH = 2000


@dataclass(slots=True)
class Notes:
    """Notes as they were read, with what a tool has set since.

    ``version`` is that of the stored notes; 0 while there are none.
    """

    texts: dict[str, str] = field(default_factory=dict)
    version: int = 0
    changed: bool = False

    def set(self, key: str, value: str) -> None:
        self.changed = self.changed or self.texts.get(key) != value
        self.texts[key] = value
