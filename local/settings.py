"""Settings of a local stack: port, folder, region, and what follows from them."""

import argparse
import os
import platform
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
REGION = "eu-west-1"
STACK_NAME = "agent-sessions"

PORTS = range(1024, 65536)
"""Ports that a stack may have: those that any user may open."""

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
"""Lambda runtime with this interpreter's bytecode."""

MACHINE = "arm64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"
"""Architecture of this machine, as Lambda names it."""


@dataclass(frozen=True, slots=True)
class LocalStack:
    """Stack on this machine.

    Attributes
    ----------
    port
        Port of the emulator on the loopback address.
    home
        Folder of everything the stack writes.
    """

    port: int = 4566
    home: Path = ROOT / ".local"

    @property
    def endpoint_url(self) -> str:
        """URL of the emulated AWS."""
        return f"http://{HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        """Base URL for clients, the same after each deployment."""
        return f"{self.endpoint_url}/api"

    @property
    def endpoint_file(self) -> Path:
        return self.home / "endpoint.json"

    @property
    def log_file(self) -> Path:
        return self.home / "emulator.log"

    @property
    def pid_file(self) -> Path:
        return self.home / "emulator.pid"

    @property
    def start_lock(self) -> Path:
        """File that is locked while the stack is started or updated."""
        return self.home / "starting"

    def saved_process(self) -> tuple[int | None, int | None]:
        """Return process id and port of the emulator that was started last, if it was not stopped.

        The process may have ended, and its id may be another program's.
        """
        try:
            words = [int(word) for word in self.pid_file.read_text().split()]
        except (OSError, ValueError):
            return None, None
        pid, port, *_ = [*words, None, None]
        return pid, port

    @property
    def name(self) -> str:
        """The stack's folder, as a user of this checkout names it."""
        return str(self.home.relative_to(ROOT) if self.home.is_relative_to(ROOT) else self.home)

    @property
    def temporary(self) -> Path:
        """Folder for temporary files, while the stack runs."""
        return self.home / "tmp"

    def aws_environment(self) -> dict[str, str]:
        """Return an environment in which AWS's tools use the emulator only.

        The user's profile, keys and configuration are removed, so that nothing local can
        reach a real account; and so are proxies, which cannot reach this machine's ports.
        """
        others = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("AWS_") and not name.lower().endswith("_proxy")
        }
        return others | {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAM_CLI_TELEMETRY": "0",
        }


def add_stack_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose a command's stack; make passes PORT and STATE."""
    parser.add_argument("--port", type=_port, help="port on 127.0.0.1")
    parser.add_argument("--home", type=_home, default=LocalStack().home, help="folder of the stack")


def _port(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch("[0-9]{4,5}", text) or not PORTS.start <= int(text) < PORTS.stop:
        raise argparse.ArgumentTypeError(
            f"PORT: must be a number from {PORTS.start} to {PORTS.stop - 1}, not {text}"
        )
    return int(text)


def _home(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("STATE: must name a folder; it is empty")
    try:
        home = Path(text).expanduser().resolve()
        is_other = home.exists() and not home.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"STATE: must name a folder: {error}") from None
    if is_other:
        raise argparse.ArgumentTypeError(f"STATE: must be a folder; {text} is a file")
    return home


def chosen_stack(arguments: argparse.Namespace) -> LocalStack:
    """Return the stack of the options; without a port, it is the one on which it runs."""
    stack = LocalStack(home=arguments.home)
    return replace(stack, port=arguments.port or stack.saved_process()[1] or stack.port)
