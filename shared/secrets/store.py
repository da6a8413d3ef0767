"""Secret store: reads SSM Parameter Store and Secrets Manager, with a cache."""

import logging
import re
import threading
import time
from collections.abc import Callable
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from shared.core.observability import logger

#: Seconds for which a value is kept: how long a rotated secret is still used.
KEPT_SECONDS = 300.0
_SECRETS_MANAGER = re.compile(r"arn:[^:]+:secretsmanager:")


class SecretUnavailable(Exception):
    """Secret that cannot be read; its text is a sentence without the value."""


class SecretStore:
    """Values of secrets, each read once in five minutes.

    ``client`` returns a client of ``ssm`` or ``secretsmanager``, created on first use.
    """

    def __init__(
        self, client: Callable[[str], Any], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._clients: dict[str, Any] = {}
        self._values: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def value(self, name: str) -> str:
        """Return the value of a parameter's name, or of a secret's ARN: one request at most.

        Raises ``SecretUnavailable``. The value is never logged.
        """
        with self._lock:
            read_at, value = self._values.get(name, (0.0, ""))
            now = self._monotonic()
            if not value or now - read_at >= KEPT_SECONDS:
                value = self._read(name)
                self._values[name] = (now, value)
            return value

    def _read(self, name: str) -> str:
        try:
            value = self._request(name)
        except (ClientError, BotoCoreError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
            reason = code or type(error).__name__
            logger.warning("a secret cannot be read", extra={"secret": name, "reason": reason})
            raise SecretUnavailable(f"The secret {name} cannot be read ({reason}).") from error
        if not value:
            raise SecretUnavailable(f"The secret {name} is empty.")
        return value

    def _request(self, name: str) -> str:
        if _SECRETS_MANAGER.match(name):
            answer = self._of("secretsmanager").get_secret_value(SecretId=name)
            return str(answer.get("SecretString") or "").strip()
        answer = self._of("ssm").get_parameter(Name=name, WithDecryption=True)
        return str(answer["Parameter"]["Value"]).strip()

    def _of(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self._client(service)
        return self._clients[service]


def connect(service: str) -> Any:
    """Return a client of ``ssm`` or ``secretsmanager`` that answers, or fails, within seconds."""
    # At DEBUG the SDK logs the bodies of responses, which here hold secrets.
    logging.getLogger("botocore.parsers").setLevel(logging.INFO)
    config = Config(
        connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2}
    )
    session = get_session()
    if service == "ssm":
        return session.create_client("ssm", config=config)
    return session.create_client("secretsmanager", config=config)
