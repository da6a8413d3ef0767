"""Generated requests against the local stack: python -m benchmarks.fuzz [--examples 20]

Starts a stack of its own and runs schemathesis with all checks and phases (examples, coverage
of each limit, fuzzing, stateful chains of operations) on the description that the stack serves.
Prints the figures of the run; exits with an error if there was a server error, a status that
is not documented, or an answer that contradicts its schema. Every failure is in the log, with
a request that reproduces it; FOLDER keeps it (--keep FOLDER).
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.fuzz_hooks import OWN_KEY
from local import processes
from local.console import Failure
from local.endpoint import Endpoint
from local.rie import free_port
from local.run import bring_up
from local.settings import ROOT, LocalStack

#: Requests per second of the organization: the run must not meet its limit. No request waits.
_PARAMETERS = {"RateLimit": "10000", "BurstLimit": "10000", "StreamWaitSeconds": "0"}
#: Statuses that depend on what is stored count as neither acceptance nor refusal of the input.
_CONFIGURATION = """\
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "429", "5xx"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "414", "415",
  "422", "428", "429", "431", "5xx"]
"""
#: Seconds that an interrupted run may take to write its report.
_ENDING_SECONDS = 60
_PHASES = "examples,coverage,fuzzing,stateful"
#: Failures that fail the run, by schemathesis' type.
_SERVER_ERRORS = frozenset({"ServerError"})
_STATUSES = frozenset({"UndefinedStatusCode"})
_SCHEMA = frozenset(
    {
        "ContentDeserializationError",
        "DiscriminatorMismatch",
        "JsonSchemaError",
        "MalformedJson",
        "MissingContentType",
        "UndefinedContentType",
        "MalformedMediaType",
        "MissingHeaders",
    }
)


def main() -> None:
    """Run schemathesis and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("--examples", type=int, default=20, help="of each operation and phase")
    parser.add_argument("--phases", default=_PHASES)
    parser.add_argument("--minutes", type=float, default=30, help="limit of the run")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--keep", type=Path, help="folder for the log and the reports")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _stack(Path(folder)) as (stack, key):
        report = _run(stack, key, Path(folder), options)
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            for file in (*Path(folder).glob("fuzz.*"), *Path(folder).glob("stack/*.log")):
                shutil.copy(file, options.keep)
        _print(report)
    sys.exit(any(_count(report, types) for types in (_SERVER_ERRORS, _STATUSES, _SCHEMA)))


@contextmanager
def _stack(folder: Path) -> Iterator[tuple[Endpoint, str]]:
    """Start a stack without rate limits; yield its endpoint and the id of its key."""
    local = LocalStack(port=free_port(), home=folder / "stack")
    endpoint = bring_up(local, parameters=_PARAMETERS)
    try:
        headers = {"x-api-key": endpoint.api_key}
        keys = httpx.get(f"{endpoint.api_url}/v1/identity/api-keys", headers=headers, timeout=60)
        yield endpoint, keys.json()["items"][0]["id"]
    finally:
        pid = processes.running_pid(local)
        try:
            processes.stop(local)
        except Failure:  # it delivers thousands of changes, of data that nobody needs
            if pid is not None:
                os.kill(pid, signal.SIGKILL)


def _run(stack: Endpoint, key: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Run schemathesis in a process of its own and return its report."""
    configuration, report = folder / "fuzz.toml", folder / "fuzz.json"
    configuration.write_text(_CONFIGURATION)
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", configuration),
        *("run", f"{stack.api_url}/openapi.json", "--url", stack.api_url),
        *("--header", f"x-api-key: {stack.api_key}", "--checks", "all"),
        *("--phases", options.phases, "--max-examples", options.examples),
        *("--seed", options.seed, "--workers", 2, "--continue-on-failure", "--no-shrink"),
        *("--request-timeout", 30, "--suppress-health-check", "all", "--warnings", "off"),
        *("--generation-database", "none", "--no-color"),
        *("--report", "json", "--report-json-path", report),
    ]
    environment = {**os.environ, OWN_KEY: key, "SCHEMATHESIS_HOOKS": "benchmarks.fuzz_hooks"}
    print(f"schemathesis, seed {options.seed}: {options.phases}", flush=True)
    with (folder / "fuzz.log").open("w") as log:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            process.wait(options.minutes * 60)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)  # schemathesis ends with a report
            process.wait(_ENDING_SECONDS)
        finally:
            process.kill()
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def _count(report: dict[str, Any], types: frozenset[str]) -> int:
    return sum(one["count"] for one in report["failures"] if one["type"] in types)


def _print(report: dict[str, Any]) -> None:
    """Print the figures: those that fail the run first, then the other checks."""
    tested, cases = report["operations"]["tested"], report["test_cases"]["generated"]
    print(f"{tested} of {report['operations']['total']} operations, {cases} cases")
    print(f"{report['running_time']:.0f} s, {report['stop_reason']}")
    required = {
        "server errors": _SERVER_ERRORS,
        "undocumented statuses": _STATUSES,
        "schema violations": _SCHEMA,
    }
    for name, types in required.items():
        print(f"{_count(report, types):5}  {name}")
    print(f"{report['filtered']:5}  refusals that follow no schema, see fuzz_hooks.py")
    known = frozenset[str]().union(*required.values())
    for one in report["failures"]:
        if one["type"] not in known:
            print(f"{one['count']:5}  {one['title'].lower()}: {', '.join(one['operations'])}")
    for error in report["errors"]:
        print(f"error: {str(error)[:200]}")


if __name__ == "__main__":
    main()
