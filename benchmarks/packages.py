"""Packages of a benchmark case: ours as deployed, the textbook's, and one without a framework."""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import Case
from local.console import step
from local.environments import ENVIRONMENTS, interpreter
from local.rie import BuiltFunction
from local.settings import ROOT
from tests.support.running_stack import RunningStack
from tests.support.template import built


@dataclass(frozen=True, slots=True)
class Package:
    """Code, handler and layers of one function."""

    code: Path
    handler: str
    layers: list[Path]

    def run(self, stack: RunningStack, log: Path) -> BuiltFunction:
        """Return the function under the runtime emulator, connected to the stack."""
        variables = {
            "TABLE_NAME": stack.table_name,
            "AWS_ENDPOINT_URL": stack.aws_endpoint_url,
            # A busy machine must not end the measurement.
            "AWS_LAMBDA_FUNCTION_TIMEOUT": "120",
            "POWERTOOLS_SERVICE_NAME": "benchmark",
            "POWERTOOLS_METRICS_NAMESPACE": "Benchmark",
            # A package is read-only in Lambda: missing byte-code is never written.
            "PYTHONDONTWRITEBYTECODE": "1",
            # The textbook enables the tracer; nothing opens a segment here.
            "AWS_XRAY_CONTEXT_MISSING": "IGNORE_ERROR",
        }
        return BuiltFunction(self.code, self.handler, self.layers, variables, log)


def ours(case: Case) -> Package:
    """Return the function of the built artifact."""
    code, layers = built(f"{case.module}.handler")
    return Package(code, f"{case.module}.handler", layers)


def textbook(case: Case) -> Package:
    """Return the equivalent handler with its dependencies, as ``sam build`` packages it."""
    return Package(_packaged("textbook", compiled=False), f"{case.other}.handler", [])


def bare(case: Case) -> Package:
    """Return the equivalent handler without a framework, with its dependencies and byte-code."""
    return Package(_packaged("bare", compiled=True), f"{case.other}.handler", [])


def _packaged(name: str, *, compiled: bool) -> Path:
    """Return the folder of the handlers in benchmarks/<name>/, packaged once per lock."""
    lock = ROOT / "requirements" / f"{name}.txt"
    handlers = sorted((Path(__file__).parent / name).glob("[!_]*.py"))
    content = b"".join(file.read_bytes() for file in (lock, *handlers))
    folder = ENVIRONMENTS / name / hashlib.sha256(content).hexdigest()[:16]
    if not folder.is_dir():
        with step(f"Packaging the {name} handlers (once)"):
            _package(folder, lock, handlers, compiled=compiled)
    return folder


def _package(folder: Path, lock: Path, handlers: list[Path], *, compiled: bool) -> None:
    shutil.rmtree(folder.parent, ignore_errors=True)
    unfinished = folder.with_suffix(".unfinished")
    subprocess.run(
        [
            *(interpreter("dev"), "-m", "pip", "install", "--quiet", "--no-compile"),
            *("--require-hashes", "--no-deps", "-r", lock, "--target", unfinished),
        ],
        check=True,
    )
    for file in handlers:
        shutil.copy(file, unfinished)
    if compiled:  # as the layer is (requirements/Makefile)
        command = (interpreter("dev"), "-m", "compileall", "-q")
        mode = ("--invalidation-mode", "unchecked-hash")
        subprocess.run(
            [*command, *mode, "-s", unfinished, "-p", "/var/task", unfinished], check=True
        )
    unfinished.rename(folder)
