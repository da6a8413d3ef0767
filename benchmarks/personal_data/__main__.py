"""Share of planted personal data that is readable in drafts.

    python -m benchmarks.personal_data [--set visible|support|held-out|unseen|all] [--sample N]
                                       [--drafts-only] [--leaks]

Values that faker invents in 15 locales are written into conversations, which are drafted; the
finished texts and mock worlds are searched for them. Rules may be mended by the sets "visible" and
"support", whose findings are printed one by one. The others print tables only, unless ``--leaks``
asks for their findings; after that a set is no measure any more. docs/drafting.md has the figures.
"""

import argparse
import time

from benchmarks.personal_data import systems
from benchmarks.personal_data.conversations import SETS, VISIBLE, Case, read_cases
from benchmarks.personal_data.measure import Result, measure_drafts, measure_texts, merged
from benchmarks.personal_data.tables import print_comparison, print_findings, print_shares


def main() -> None:
    """Measure the chosen sets, and print their tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.personal_data")
    parser.add_argument("--set", dest="name", choices=[*SETS, "all"], default="all")
    parser.add_argument("--sample", type=int, default=1, help="every Nth conversation only")
    parser.add_argument("--drafts-only", action="store_true", help="no comparison with others")
    parser.add_argument("--leaks", action="store_true", help="also the findings of the other sets")
    options = parser.parse_args()
    names = SETS if options.name == "all" else (options.name,)
    measured = [_measure_set(one, read_cases(one)[:: options.sample], options) for one in names]
    if len(names) > 1:
        print("\n## All sets")
        print_shares({name: merged([one[name] for one in measured]) for name in measured[0]})


def _measure_set(name: str, cases: list[Case], options: argparse.Namespace) -> dict[str, Result]:
    planted = sum(len(case.planted) for case in cases)
    print(f"\n## Set {name}: {len(cases)} conversations, {planted} planted values")
    start = time.monotonic()
    ours = measure_drafts(cases, systems.draft)
    spent = time.monotonic() - start
    drafts = {"drafting": ours, "rules alone": measure_drafts(cases, systems.draft_by_rules)}
    print_shares(drafts)
    print(f"\nDrafted in {spent:.0f} s.")
    if not options.drafts_only:
        tools = {name: system(cases) for name, system in systems.TEXT_SYSTEMS.items()}
        print_comparison(
            {
                name: None if redact is None else measure_texts(cases, redact)
                for name, redact in tools.items()
            }
        )
    if name in VISIBLE or options.leaks:
        print()
        print_findings(ours)
    return drafts


if __name__ == "__main__":
    main()
