"""Round trip of generated conversations: python -m benchmarks.round_trip [--cases 2000]

Imports conversations in every form that an import reads, exports and imports them again, in each
format and as each kind of session. Prints the cases and their differences; fails if there are any.
"""

import argparse
import sys
import time
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings

from shared.core.errors import InvalidInput
from shared.sessions.captured_conversations import read_conversation
from shared.sessions.exports.formats import ExportFormat
from tests.support.round_trips import KINDS, LINES, differences


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000, help="conversations; six cases each")
    arguments = parser.parse_args()
    counts: Counter[str] = Counter()
    found: list[str] = []

    @settings(
        max_examples=arguments.cases, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(line=LINES)
    def run(line: dict[str, Any]) -> None:
        try:
            read_conversation(line)
        except InvalidInput:
            counts["refused"] += 1
            return
        for kind in KINDS:
            for form in ExportFormat:
                counts[f"{form} {kind}"] += 1
                found.extend(differences(line, kind, form))

    started = time.perf_counter()
    run()
    refused = counts.pop("refused", 0)
    for name, number in sorted(counts.items()):
        print(f"{name:20} {number:6} cases")
    seconds = time.perf_counter() - started
    print(f"{counts.total()} cases, {len(found)} differences, {refused} refused, {seconds:.0f} s")
    for one in found[:20]:
        print(one, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(_main())
