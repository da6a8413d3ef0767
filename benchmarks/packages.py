"""Packages of a benchmark case: ours as deployed, the textbook's as `sam build` creates it."""

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

_LOCK = ROOT / "requirements" / "textbook.txt"
_TEXTBOOK = Path(__file__).parent / "textbook"


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
    """Return the equivalent handler, packaged with its dependencies and without byte-code.

    Packaged once per lock, with pip as ``sam build`` calls it.
    """
    stamp = hashlib.sha256(
        _LOCK.read_bytes() + b"".join(file.read_bytes() for file in sorted(_TEXTBOOK.glob("*.py")))
    ).hexdigest()
    folder = ENVIRONMENTS / "textbook" / stamp[:16]
    if not folder.is_dir():
        with step("Packaging the textbook handlers (once)"):
            _package(folder)
    return Package(folder, f"{case.textbook}.handler", [])


def _package(folder: Path) -> None:
    shutil.rmtree(folder.parent, ignore_errors=True)
    unfinished = folder.with_suffix(".unfinished")
    subprocess.run(
        [
            *(interpreter("dev"), "-m", "pip", "install", "--quiet", "--no-compile"),
            *("--require-hashes", "--no-deps", "-r", _LOCK, "--target", unfinished),
        ],
        check=True,
    )
    for file in _TEXTBOOK.glob("*.py"):
        shutil.copy(file, unfinished)
    unfinished.rename(folder)
