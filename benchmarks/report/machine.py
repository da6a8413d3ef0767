"""Machine, versions and commit of a measurement."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from local.settings import ROOT

#: Packages whose versions the figures depend on.
_PACKAGES = ("botocore", "fastapi", "pydantic", "aws-lambda-powertools", "moto")


def describe_machine() -> str:
    """Return the processor, its cores, the memory and the system."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return (
        f"{_processor()}, {os.cpu_count()} cores, {pages * size / 2**30:.0f} GB of memory, "
        f"{platform.system()} ({platform.machine()})"
    )


def describe_versions() -> str:
    """Return the version of Python and of the packages that the figures depend on."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return f"Python {platform.python_version()}, {packages}"


def commit() -> str:
    """Return the commit, and whether the checkout differs from it; empty outside of Git."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude", "*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
