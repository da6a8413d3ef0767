"""Settings of a local stack: port, folder, region, and what follows from them."""

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
    """Add the options that choose a command's stack."""
    parser.add_argument("--port", type=_port, default=4566, help="port on 127.0.0.1")
    parser.add_argument("--home", type=Path, default=ROOT / ".local", help="folder of the stack")


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise argparse.ArgumentTypeError(f"must be a port from 1 to 65535, not {text}")
    return port


def chosen_stack(arguments: argparse.Namespace) -> LocalStack:
    """Return the stack of the options."""
    return LocalStack(port=arguments.port, home=arguments.home.resolve())
