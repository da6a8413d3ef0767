"""Sizes of the built artifact, imports of INIT, and resources: python -m benchmarks.artifact

Bytes of the functions' code, which all functions share, and of each layer: unzipped, and as a zip
file of the default compression. The build for this machine is measured; that for AWS differs in
the architecture of its wheels. `make test` and `make bench` build it. Imports are the modules that
Lambda's interpreter has loaded when a function is ready.
"""

import io
import os
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import CASES
from benchmarks.packages import Package, ours
from local.build import LOCAL
from local.environments import interpreter
from local.settings import REGION
from tests.support.template import built, functions, transformed

_COUNT = "import sys, awslambdaric.bootstrap, {}; print(len(sys.modules))"
#: Name of the code that all functions share.
CODE = "functions"


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes of one folder of the artifact."""

    unzipped: int
    zipped: int


@dataclass(frozen=True, slots=True)
class Artifact:
    """Sizes of the artifact's parts by name, and counts.

    Attributes
    ----------
    modules
        Modules that are imported during INIT, by function.
    largest
        Unzipped bytes of a function with its layers, of which Lambda allows 250 MB.
    resources
        Resources of the stack, of which CloudFormation allows 500.
    """

    parts: dict[str, Size]
    modules: dict[str, int]
    largest: int
    resources: int


class _Counter(io.RawIOBase):
    """File that counts what is written to it."""

    written = 0

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]  # never a partial write
        self.written += len(content)
        return len(content)


def measure() -> Artifact:
    """Return the sizes of the build."""
    folders = {path.name: path for path in sorted(LOCAL.folder.glob("*Layer"))}
    parts = {name: size_of(folder) for name, folder in folders.items()}
    code = size_of(built("service.health.handler")[0])
    largest = max(
        code.unzipped + sum(parts[layer.name].unzipped for layer in built(one["Handler"])[1])
        for one in functions().values()
    )
    modules = {case.name: imported(ours(case)) for case in CASES}
    return Artifact({CODE: code} | parts, modules, largest, len(transformed()))


def imported(package: Package) -> int:
    """Return the number of modules that a function's INIT imports."""
    module = package.handler.rpartition(".")[0]
    places = [package.code, *(layer / "python" for layer in package.layers)]
    done = subprocess.run(
        [interpreter("lambda"), "-c", _COUNT.format(module)],
        cwd=package.code,
        env={
            "PYTHONPATH": os.pathsep.join(map(str, places)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_LAMBDA_FUNCTION_NAME": "f",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "TABLE_NAME": "t",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def size_of(folder: Path) -> Size:
    """Return the bytes of the files in a folder."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    sink = _Counter()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.relative_to(folder))
    return Size(sum(file.stat().st_size for file in files), sink.written)


def main() -> None:
    """Print the sizes."""
    found = measure()
    print(f"{'part':24}{'unzipped KB':>14}{'zipped KB':>12}")
    for name, one in found.parts.items():
        print(f"{name:24}{one.unzipped / 1000:>14,.0f}{one.zipped / 1000:>12,.0f}")
    for name, modules in found.modules.items():
        print(f"{name:34}{modules:>5} modules imported during INIT")
    print(f"largest function with its layers: {found.largest / 1e6:.0f} MB")
    print(f"{found.resources} resources")


if __name__ == "__main__":
    main()
