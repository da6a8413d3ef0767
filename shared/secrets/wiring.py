"""Wiring of secrets: the store of this process."""

from functools import cache

from shared.secrets.store import SecretStore, connect


@cache
def secret_store() -> SecretStore:
    """Return the secret store."""
    return SecretStore(connect)


def secret_value(name: str) -> str:
    """Return the value of a secret. Raises ``SecretUnavailable``."""
    return secret_store().value(name)
