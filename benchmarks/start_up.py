"""Import time of a built function by package, beside that of the bare handler.

    python -m benchmarks.start_up [--samples 9] [--case agent_sessions.create]

Python's own profile of imports (``-X importtime``), in Lambda's interpreter with the function's
layers: the time of each module without that of the modules it imports, the least of the samples,
added up by package. The function's own module creates its application and the DynamoDB client. Only
the shares count: the profile makes imports slower. Needs no stack.
"""

import argparse
import os
import re
import subprocess
import sys
from collections import defaultdict

from benchmarks.cases import CASES
from benchmarks.packages import Package, bare, ours
from local.environments import interpreter
from local.settings import REGION

#: Groups of modules; the first that has the beginning of a module's name.
GROUPS = {
    "Lambda's runtime client": ("awslambdaric", "simplejson", "snapshot_restore_py"),
    "OpenAPI models of FastAPI": ("fastapi.openapi.models",),
    "FastAPI, Starlette, anyio, Mangum": (
        *("fastapi", "starlette", "anyio", "mangum", "annotated_doc", "idna"),
    ),
    "OpenTelemetry, which FastAPI imports": ("opentelemetry",),
    "Pydantic": ("pydantic", "annotated_types", "typing_extensions", "typing_inspection"),
    "botocore, urllib3": ("botocore", "urllib3", "jmespath", "dateutil", "six", "_six"),
    "boto3": ("boto3", "s3transfer"),
    "Powertools": ("aws_lambda_powertools",),
    "application, DynamoDB client": ("common",),
    "this project": ("shared", "uuid6"),
}
_ROW = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)")
_OWN = "application, DynamoDB client"
_OTHERS = "standard library"
_IMPORT = "import awslambdaric.bootstrap, {}"

type Profile = dict[str, tuple[float, int]]


def main() -> None:
    """Print the profile of one case, ours and bare."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start_up")
    parser.add_argument("--samples", type=int, default=9)
    parser.add_argument("--case", default="agent_sessions.create")
    options = parser.parse_args()
    [case] = [one for one in CASES if one.module == options.case]
    profiles = [profile(package(case), options.samples) for package in (ours, bare)]
    print(f"| {case.name} | modules | ms | bare: modules | ms |\n|---|---|---|---|---|")
    for group in sorted(set().union(*profiles), key=lambda name: -profiles[0].get(name, (0,))[0]):
        cells = (one.get(group, (0.0, 0)) for one in profiles)
        print(f"| {group} | {' | '.join(f'{count} | {spent:.0f}' for spent, count in cells)} |")
    totals = (
        f"{sum(count for _, count in one.values())} | {sum(ms for ms, _ in one.values()):.0f}"
        for one in profiles
    )
    print(f"| **all** | {' | '.join(totals)} |")


def profile(package: Package, samples: int) -> Profile:
    """Return milliseconds and number of modules by group."""
    runs = [_run(package) for _ in range(samples)]
    module = package.handler.rpartition(".")[0]
    spent: defaultdict[str, float] = defaultdict(float)
    modules: defaultdict[str, int] = defaultdict(int)
    for name in runs[0]:
        group = _OWN if name == module else _group(name)
        spent[group] += min(run[name] for run in runs if name in run)
        modules[group] += 1
    return {group: (spent[group], modules[group]) for group in spent}


def _run(package: Package) -> dict[str, float]:
    """Return the milliseconds of each module."""
    module = package.handler.rpartition(".")[0]
    search = [package.code, *(layer / "python" for layer in package.layers)]
    done = subprocess.run(
        (interpreter("lambda"), "-X", "importtime", "-c", _IMPORT.format(module)),
        cwd=package.code,
        env={
            "PYTHONPATH": os.pathsep.join(map(str, search)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_LAMBDA_FUNCTION_NAME": "f",
            "TABLE_NAME": "t",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return {name: int(spent) / 1000 for spent, name in _ROW.findall(done.stderr)}


def _group(module: str) -> str:
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return _OTHERS
    for group, beginnings in GROUPS.items():
        if any(f"{module}.".startswith(f"{one}.") for one in beginnings):
            return group
    return _OTHERS


if __name__ == "__main__":
    main()
