"""What is kept of a graph wherever one is pointed at: its hash and its few visible facts."""

from dataclasses import dataclass
from typing import Any

from shared.core.json import fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedGraph:
    """A graph by its content hash, with what opening a session needs.

    So a session opens without its graph being read; see ``graphs.py`` for how the graph is
    found by its hash.

    Attributes
    ----------
    hash
        The SHA-256 of the graph's document, in hexadecimal.
    system_variables
        The names of the variables that the graph wants from the service.
    """

    hash: str
    name: str
    entry_node_id: str
    persona: str | None
    system_variables: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: dict[str, Any]) -> "PinnedGraph":
        """Return the pin of a valid graph, written as ``Graph.document`` writes it."""
        return cls(
            hash=fingerprint(document),
            name=document["name"],
            entry_node_id=document["entry_node_id"],
            persona=document.get("persona"),
            system_variables=tuple(
                variable["name"]
                for variable in document.get("context_variables", ())
                if variable.get("source") == "system"
            ),
        )

    def to_document(self) -> dict[str, Any]:
        return {
            "hash": self.hash,
            "name": self.name,
            "entry_node_id": self.entry_node_id,
            "persona": self.persona,
            "system_variables": list(self.system_variables),
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "PinnedGraph":
        return cls(**document | {"system_variables": tuple(document["system_variables"])})
