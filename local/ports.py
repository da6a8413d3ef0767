"""Ports on the loopback address: free, or used by a stack or another program."""

import http.client
import json
import socket
from contextlib import closing
from dataclasses import dataclass

from local.endpoint import open_direct
from local.settings import HOST


@dataclass(frozen=True, slots=True)
class Owner:
    """Emulator that answers on a port: the folder of its stack, and its process."""

    home: str
    pid: int


def is_in_use(port: int) -> bool:
    """Return whether a program has the port."""
    with closing(socket.socket()) as probe:
        probe.settimeout(0.2)
        if probe.connect_ex((HOST, port)) == 0:
            return True
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def owner(port: int, *, seconds: float = 0.7) -> Owner | None:
    """Return the emulator on the port; None if nothing or another program answers in time.

    local/emulator/identity.py adds the names to the emulator's health.
    """
    try:
        with open_direct(f"http://{HOST}:{port}/_ministack/health", timeout=seconds) as answer:
            health = json.load(answer)
        return Owner(str(health["stack_home"]), int(health["process"]))
    except (OSError, ValueError, LookupError, TypeError, http.client.HTTPException):
        return None
