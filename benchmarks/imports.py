"""Import CPU of every function's module, relative to another checkout.

    python -m benchmarks.imports --base CHECKOUT [--samples 5] [--only agents.]

Each sample is a fresh process that imports the module as Lambda does, with byte-code in place: the
packages first, then the project's own part, whose ratio is the figure to watch. The checkouts
alternate, so that other load on the machine affects both, and share this environment's packages.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from local.settings import ROOT

_CODE = """
from time import process_time as cpu
start = cpu()
import {packages}
loaded = cpu()
import {module}
print(cpu() - loaded, cpu() - start)
"""
_PACKAGES = "botocore.session, aws_lambda_powertools.logging, aws_lambda_powertools.metrics"
#: Aggregates that share a folder of functions; the others are named like their folder.
_AGGREGATE = re.compile(r"\.[a-z]+_(inference_result|product|test_case|test|version)s?(_batch)?$")
_HEADER = f"{'ms':>7}{'base':>7}{'ratio':>7}{'total':>9}{'base':>7}{'ratio':>7}"


class Cpu(NamedTuple):
    """Milliseconds of one function: the project's own part, and with the packages."""

    own: float
    total: float


def main() -> None:
    """Measure every function that both checkouts have and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports")
    parser.add_argument("--base", type=Path, default=ROOT, help="checkout to compare with")
    parser.add_argument("--samples", type=int, default=5, help="processes per function")
    parser.add_argument("--only", default="", help="prefix of the functions to measure")
    options = parser.parse_args()
    checkouts = [ROOT, options.base.resolve()]
    print(f"{'function':44}{_HEADER}")
    aggregates: defaultdict[str, list[list[Cpu]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as cache:
        for name in sorted(set.intersection(*map(_functions, checkouts))):
            if name.startswith(options.only):
                medians = _measure(name, checkouts, options.samples, cache)
                print(_row(name, *medians), flush=True)
                found = _AGGREGATE.search(name)
                aggregates[f"{found[1]}s" if found else name.partition(".")[0]].append(medians)
                aggregates["~ all"].append(medians)
    print(f"\n{'aggregate (medians)':44}{_HEADER}{'worst':>9}")
    for name, group in sorted(aggregates.items()):
        here, base = map(_medians, zip(*group, strict=True))
        print(f"{_row(name, here, base)}{max(a.own / b.own for a, b in group):9.2f}")


def _functions(checkout: Path) -> set[str]:
    """Return the modules that define a handler, named as Lambda imports them."""
    return {
        f"{file.parent.name}.{file.stem}"
        for file in (checkout / "functions").glob("*/*.py")
        if re.search(r"^(def handler\(|handler = )", file.read_text(), re.MULTILINE)
    }


def _measure(module: str, checkouts: list[Path], samples: int, cache: str) -> list[Cpu]:
    for checkout in checkouts:
        _import(module, checkout, cache)  # writes the byte-code
    runs = [[_import(module, checkout, cache) for checkout in checkouts] for _ in range(samples)]
    return list(map(_medians, zip(*runs, strict=True)))


def _medians(samples: Iterable[Cpu]) -> Cpu:
    return Cpu(*map(statistics.median, zip(*samples, strict=True)))


def _import(module: str, checkout: Path, cache: str) -> Cpu:
    edge = "shared.http" in (checkout / "functions" / f"{module.replace('.', '/')}.py").read_text()
    packages = f"{_PACKAGES}, fastapi, mangum" if edge else _PACKAGES
    environment = {
        "PYTHONPATH": f"{checkout / 'functions'}{os.pathsep}{checkout}",
        # Outside the checkouts, which stay as they are.
        "PYTHONPYCACHEPREFIX": cache,
        "AWS_LAMBDA_FUNCTION_NAME": "f",
        "TABLE_NAME": "t",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    command = [sys.executable, "-c", _CODE.format(packages=packages, module=module)]
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{checkout}: {module} cannot be imported\n{done.stderr}")
    own, total = done.stdout.split()[-2:]
    return Cpu(float(own) * 1e3, float(total) * 1e3)


def _row(name: str, here: Cpu, base: Cpu) -> str:
    own = f"{here.own:7.0f}{base.own:7.0f}{here.own / base.own:7.2f}"
    total = f"{here.total:9.0f}{base.total:7.0f}{here.total / base.total:7.2f}"
    return f"{name:44}{own}{total}"


if __name__ == "__main__":
    main()
