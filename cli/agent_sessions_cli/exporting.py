"""Content of an export, to stdout or to a file."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .errors import Failure
from .output import write


def to_stdout(content: Iterator[bytes]) -> None:
    """Write content to stdout; it ends with a line end."""
    last = b""
    for part in content:
        write(part)
        last = part[-1:] or last
    if last != b"\n":
        write(b"\n")


def to_file(content: Iterator[bytes], path: Path) -> int:
    """Write content to a file, whole or not at all; return its bytes."""
    size = 0
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                for part in content:
                    size += file.write(part)
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}") from error
    return size


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
