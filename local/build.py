"""Build the artifact: `sam build`, then byte-code for the functions.

    python -m local.build aws|local

`sam build` ships source only, and compiling it at each cold start takes longer than all the
rest. The layer is compiled where it is made (requirements/Makefile), the functions here.
A build that is still true to its sources is kept.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.console import Failure, run_task, step, telling_line
from local.environments import program
from local.settings import MACHINE, ROOT, RUNTIME

SOURCES = (
    "functions",
    "shared",
    "template.yaml",
    "requirements/Makefile",
    "requirements/runtime.txt",
    "requirements/docs.txt",
)


@dataclass(frozen=True, slots=True)
class Artifact:
    """One built form of the stack: where it lies and what it is for."""

    folder: Path
    architecture: str

    @property
    def template(self) -> Path:
        return self.folder / "template.yaml"

    @property
    def stamp(self) -> Path:
        return self.folder.parent / "stamp"

    def built(self) -> str:
        """Return the hash of the sources that it was built from; empty when it is not there."""
        return self.stamp.read_text() if self.stamp.is_file() and self.template.is_file() else ""

    def parameters(self, sha: str, others: dict[str, str] | None = None) -> dict[str, str]:
        """Return the template parameters of a deployment of this build.

        The values of ``others`` go into ``BuildSha``: a function's new version follows that
        hash alone, and a changed value must reach the functions as changed code does.
        """
        others = others or {}
        told = hashlib.sha256(repr((sha, sorted(others.items()))).encode()).hexdigest()[:20]
        return others | {
            "PythonRuntime": RUNTIME,
            "Architecture": self.architecture,
            "BuildSha": told if others else sha,
        }


AWS = Artifact(ROOT / ".aws-sam" / "build", os.environ.get("ARCHITECTURE", "arm64"))
"""For an account; in SAM's usual place, so that its own commands find it too."""
LOCAL = Artifact(ROOT / ".aws-sam" / "local" / "build", MACHINE)
"""For the emulator, which runs functions on this very machine."""


def source_hash(artifact: Artifact) -> str:
    """Return a hash over everything that the built artifact is made of."""
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
    """Keep other processes from changing the artifact while it is built or deployed."""
    (ROOT / ".aws-sam").mkdir(exist_ok=True)
    with (ROOT / ".aws-sam" / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield


def build(artifact: Artifact) -> None:
    """Build the artifact unless it is up to date."""
    with lock(exclusive=True):
        wanted = source_hash(artifact)
        if artifact.built() == wanted:
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
    done = subprocess.run(
        [
            *(
                str(program("tools", "sam")),
                "build",
                "--template-file",
                str(ROOT / "template.yaml"),
            ),
            *("--build-dir", str(artifact.folder), "--parameter-overrides", *parameters),
        ],
        cwd=ROOT,
        env=build_environment(artifact.architecture),
        capture_output=True,
        text=True,
        check=False,
    )
    log = artifact.folder.with_suffix(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(done.stdout + done.stderr)
    if done.returncode:
        raise Failure(f"sam build failed (see {log}): {telling_line(done.stderr)}")


def build_environment(architecture: str) -> dict[str, str]:
    """Return the environment of `sam build`, without what the user's shell says of AWS.

    A build asks nothing of AWS; a profile that is not there would end it all the same.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        # SAM looks for an interpreter named like the runtime.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LAYER_PYTHON": sys.executable,
        "LAYER_ARCH": architecture,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "SAM_CLI_TELEMETRY": "0",
    }


def _compile_functions(folder: Path) -> None:
    """Compile one function's folder and give the others, which are copies of it, the result."""
    functions = sorted(path for path in folder.iterdir() if path.name.endswith("Function"))
    if not functions:
        raise Failure(f"sam build left no function in {folder}")
    first, *others = functions
    done = subprocess.run(
        [
            *(sys.executable, "-m", "compileall", "-q", "-f"),
            *(
                "--invalidation-mode",
                "unchecked-hash",
                "-s",
                str(first),
                "-p",
                "/var/task",
                str(first),
            ),
        ],
        check=False,
    )
    if done.returncode:
        raise Failure("a function does not compile")
    for cache in sorted(first.rglob("__pycache__")):
        for other in others:
            shutil.copytree(cache, other / cache.relative_to(first), dirs_exist_ok=True)


if __name__ == "__main__":
    run_task(lambda: build({"aws": AWS, "local": LOCAL}[sys.argv[1]]))
