"""Notes of a session: short texts by key."""

from dataclasses import dataclass, field

#: Together they keep the notes well below the 400 KB of a stored item.
MAX_NOTES = 100
MAX_KEY_LENGTH = 128
MAX_VALUE_LENGTH = 2000


@dataclass(slots=True)
class Notes:
    """Notes as stored, with the changes of tools since.

    ``version`` is that of the stored item; 0 if there is none.
    """

    texts: dict[str, str] = field(default_factory=dict)
    version: int = 0
    changed: bool = False

    def set(self, key: str, value: str) -> None:
        self.changed = self.changed or self.texts.get(key) != value
        self.texts[key] = value
