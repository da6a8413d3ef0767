"""Where a local stack lives: its port, its folder, its region, and what follows from them."""

import argparse
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
REGION = "eu-west-1"
STACK_NAME = "agent-sessions"

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
"""The runtime whose byte-code this interpreter compiles."""

MACHINE = "arm64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"
"""This machine, in Lambda's words."""


@dataclass(frozen=True, slots=True)
class LocalStack:
    """One stack on this machine.

    Attributes
    ----------
    port
        Of the emulator, on the loopback address.
    home
        The folder that holds everything the stack writes.
    """

    port: int = 4566
    home: Path = ROOT / ".local"

    @property
    def endpoint_url(self) -> str:
        """Where the emulated AWS answers."""
        return f"http://{HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        """The base URL for clients, which stays the same from deployment to deployment."""
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
    def temporary(self) -> Path:
        """For temporary files; it is there while the stack runs."""
        return self.home / "tmp"

    def aws_environment(self) -> dict[str, str]:
        """Return an environment in which AWS's tools speak to the emulator, and to it only.

        The user's own profile, keys and configuration are kept out of sight, so that nothing
        local can reach, or be changed by, a real account; and so are proxies, which know
        nothing of this machine's own ports.
        """
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("AWS_") and not name.lower().endswith("_proxy")
        }
        return kept | {
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
    """Let a command choose the stack that it works on."""
    parser.add_argument("--port", type=_port, default=4566, help="port on 127.0.0.1")
    parser.add_argument("--home", type=Path, default=ROOT / ".local", help="folder of the stack")


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text}")
    return port


def chosen_stack(arguments: argparse.Namespace) -> LocalStack:
    """Return the stack that the options name."""
    return LocalStack(port=arguments.port, home=arguments.home.resolve())
