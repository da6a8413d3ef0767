"""Sizes of the built artifact, and resources of the stack: python -m benchmarks.artifact

Bytes of the functions' code, which all functions share, and of each layer: unzipped, and as a zip
file of the default compression. The build for this machine is measured; that for AWS differs in
the architecture of its wheels. `make test` and `make bench` build it.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from local.build import LOCAL
from tests.support.template import built, functions, transformed

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
    largest
        Unzipped bytes of a function with its layers, of which Lambda allows 250 MB.
    resources
        Resources of the stack, of which CloudFormation allows 500.
    """

    parts: dict[str, Size]
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
    return Artifact({CODE: code} | parts, largest, len(transformed()))


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
    print(f"largest function with its layers: {found.largest / 1e6:.0f} MB")
    print(f"{found.resources} resources")


if __name__ == "__main__":
    main()
