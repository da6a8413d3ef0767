"""Persona service of this process."""

from functools import cache

from shared.runs.personas.documents import PersonaCodec
from shared.runs.personas.service import PersonaService
from shared.storage.repository import Repository
from shared.storage.table import table


@cache
def personas() -> PersonaService:
    """Return the service."""
    return PersonaService(Repository(table(), PersonaCodec()))
