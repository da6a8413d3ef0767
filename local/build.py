"""Build of the artifact: the web console, `sam build`, then byte-code for the functions.

    python -m local.build aws|local

`sam build` ships source only; compiling it takes longer than the rest of a cold start.
requirements/Makefile compiles the layer, this module the functions. An up-to-date build is
reused.
"""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.commands import Command
from local.console import Failure, error_line, run_task, step
from local.environments import program
from local.pip_output import failure_reason
from local.settings import MACHINE, ROOT, RUNTIME
from local.web_console import build_console

SOURCES = (
    "functions",
    "shared",
    "template.yaml",
    "NOTICE",
    "local/trim_personal_data.py",
    "local/trim_sdk.py",
    "requirements/Makefile",
    "requirements/runtime.txt",
    "requirements/checks.txt",
    "requirements/docs.txt",
    "requirements/mcp.txt",
    "requirements/redaction.txt",
    "requirements/traces.txt",
    "console/dist",
)


@dataclass(frozen=True, slots=True)
class Artifact:
    """One build of the stack: its folder and the architecture it is for."""

    folder: Path
    architecture: str

    @property
    def template(self) -> Path:
        return self.folder / "template.yaml"

    @property
    def stamp(self) -> Path:
        return self.folder.parent / "stamp"

    def built_hash(self) -> str:
        """Return the hash of the sources of the existing build; empty if there is none."""
        return self.stamp.read_text() if self.stamp.is_file() and self.template.is_file() else ""

    def parameters(self, sha: str, others: dict[str, str] | None = None) -> dict[str, str]:
        """Return the template parameters of a deployment of this build.

        The hash of ``others`` is part of ``BuildSha``: that parameter alone makes a function
        publish a new version, which a changed value needs as changed code does.
        """
        others = others or {}
        combined = hashlib.sha256(repr((sha, sorted(others.items()))).encode()).hexdigest()[:20]
        return others | {
            "PythonRuntime": RUNTIME,
            "Architecture": self.architecture,
            "BuildSha": combined if others else sha,
        }


AWS = Artifact(ROOT / ".aws-sam" / "build", os.environ.get("ARCHITECTURE", "arm64"))
"""Build for an AWS account, in SAM's default folder, so that SAM's own commands find it."""
LOCAL = Artifact(ROOT / ".aws-sam" / "local" / "build", MACHINE)
"""Build for the emulator, which runs functions on this machine."""


def source_hash(artifact: Artifact) -> str:
    """Return a hash over all sources of the artifact."""
    digest = hashlib.sha256(f"{RUNTIME} {artifact.architecture}".encode())
    for source in SOURCES:
        path = ROOT / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


@contextmanager
def lock(*, exclusive: bool) -> Iterator[None]:
    """Lock the artifact against other processes while it is built or deployed."""
    (ROOT / ".aws-sam").mkdir(exist_ok=True)
    kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    with (ROOT / ".aws-sam" / "lock").open("w") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("Waiting for another build or deployment"):
                fcntl.flock(file, kind)
        yield


def build(artifact: Artifact, *, needs_console: bool = True) -> None:
    """Build the artifact unless it is up to date.

    Unless it ``needs_console``, it has none if npm's registry cannot be reached.
    """
    with lock(exclusive=True):
        build_console(is_optional=not needs_console)
        wanted = source_hash(artifact)
        if artifact.built_hash() == wanted:
            return
        artifact.stamp.unlink(missing_ok=True)
        try:
            with step(f"Building the stack ({RUNTIME}, {artifact.architecture})"):
                _sam_build(artifact, wanted)
                _compile_functions(artifact.folder)
        except BaseException:
            shutil.rmtree(artifact.folder, ignore_errors=True)
            raise
        artifact.stamp.write_text(wanted)


def _sam_build(artifact: Artifact, sha: str) -> None:
    parameters = (f"{name}={value}" for name, value in artifact.parameters(sha).items())
    status, output = Command(
        [
            program("tools", "sam"),
            *("build", "--template-file", str(ROOT / "template.yaml")),
            *("--build-dir", str(artifact.folder), "--parameter-overrides", *parameters),
        ],
        cwd=ROOT,
        env=build_environment(artifact.architecture),
    ).run()
    log = artifact.folder.with_suffix(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(output)
    if status:
        raise Failure(f"sam build failed (see {log}): {failure_reason(output)}")


def build_environment(architecture: str) -> dict[str, str]:
    """Return the environment of `sam build`, without the AWS settings of the user's shell.

    A build does not call AWS, but SAM fails on a profile that does not exist.
    """
    others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return others | {
        # SAM searches for an interpreter named like the runtime.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LAYER_PYTHON": sys.executable,
        "LAYER_ARCH": architecture,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "SAM_CLI_TELEMETRY": "0",
    }


def _compile_functions(folder: Path) -> None:
    """Compile one function's folder and copy the byte-code to the others, which are identical."""
    functions = sorted(path for path in folder.iterdir() if path.name.endswith("Function"))
    if not functions:
        raise Failure(f"sam build: created no function in {folder}")
    first, *others = functions
    status, output = Command(
        [
            *(sys.executable, "-m", "compileall", "-q", "-f"),
            *("--invalidation-mode", "unchecked-hash", "-s", first, "-p", "/var/task", first),
        ]
    ).run()
    if status:
        raise Failure(f"functions/: a module does not compile: {error_line(output)}")
    for cache in sorted(first.rglob("__pycache__")):
        for other in others:
            shutil.copytree(cache, other / cache.relative_to(first), dirs_exist_ok=True)


if __name__ == "__main__":
    run_task(lambda: build({"aws": AWS, "local": LOCAL}[sys.argv[1]]))
