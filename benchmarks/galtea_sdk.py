"""Methods of Galtea's SDKs against a running stack: python -m benchmarks.galtea_sdk [--json]

Calls each public method of the services in three versions of the SDK, each in an environment of its
own, and prints a table of what works, and why the rest does not. ``API_URL`` and ``API_KEY`` name
the stack: ``eval "$(make -s env)"``. ``--before FILE`` compares with an earlier ``--json``.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import httpx

from local.environments import ensure, interpreter
from local.settings import ROOT

#: Environments by the version of the SDK in them; the newest is the development environment's.
SDKS = {"4.32.0": "galtea-4", "5.0.0": "galtea-5", "5.12.0": "dev"}
SCRIPT = ROOT / "tests" / "integration" / "clients" / "galtea_methods.py"
ROWS = "input,expected_output\nWhere is 4711?,On Tuesday.\nAnd 4712?,On Friday.\n"
#: Seconds for all methods of one version, cold functions included.
_PATIENCE = 300

type Results = dict[str, dict[str, str]]


def methods_of(environment: str, url: str, key: str) -> dict[str, str]:
    """Return the methods of one version, with the reason of each that does not work."""
    headers = {"x-api-key": key}
    with httpx.Client(base_url=url, headers=headers, timeout=_PATIENCE) as http:
        products = [http.post("/products", json={"name": f"SDK {os.urandom(4).hex()}"})
                    .raise_for_status().json()["id"] for _ in range(2)]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "cases.csv"
        rows.write_text(ROWS)
        done = subprocess.run(
            [interpreter(environment), SCRIPT, products[0], rows],
            env=os.environ
            | {"GALTEA_API_URL": url, "GALTEA_API_KEY": key, "EMPTY_PRODUCT": products[1]},
            capture_output=True, text=True, check=False, timeout=_PATIENCE,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])["methods"]
    return found


def table(before: Results | None, after: Results) -> str:
    """Return the results as Markdown: a line for each method, a column for each version."""
    names = list(dict.fromkeys(name for one in reversed(after.values()) for name in one))
    lines = [f"| method | {' | '.join(after)} |", f"|---|{'---|' * len(after)}"]
    for name in names:
        cells = [_cell(sdk, name, before, after) for sdk in after]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    counts = [_count(sdk, before, after) for sdk in after]
    return "\n".join([*lines, f"| **works** | {' | '.join(counts)} |"])


def _cell(sdk: str, name: str, before: Results | None, after: Results) -> str:
    reason = after[sdk].get(name)
    if reason is None:
        return "-"
    text = f"no: {reason}" if reason else "yes"
    earlier = before[sdk].get(name) if before else reason
    return (
        text if bool(earlier) == bool(reason) else f"**{text}** (was {'no' if earlier else 'yes'})"
    )


def _count(sdk: str, before: Results | None, after: Results) -> str:
    def working(results: Results) -> str:
        return f"{sum(not one for one in results[sdk].values())} of {len(results[sdk])}"

    return f"{working(before)} → {working(after)}" if before else working(after)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON, for --before")
    parser.add_argument("--before", type=Path, help="JSON of an earlier version")
    arguments = parser.parse_args()
    ensure(list(SDKS.values()))
    url, key = os.environ["API_URL"], os.environ["API_KEY"]
    found = {sdk: methods_of(environment, url, key) for sdk, environment in SDKS.items()}
    before: Any = json.loads(arguments.before.read_text()) if arguments.before else None
    print(json.dumps(found) if arguments.json else table(before, found))


if __name__ == "__main__":
    _main()
