"""Table of the costs of all systems: python -m benchmarks.peers"""

from benchmarks.peers.comparison import PeerCost, measure


def main() -> None:
    """Measure all systems and print a row for each call and size."""
    measured = measure()
    print(
        f"\n{'system':34}{'call':8}{'size':>9}{'requests':>10}{'reads':>8}{'writes':>8}{'CPU':>8}"
    )
    for one in measured:
        print(_row(one))


def _row(one: PeerCost) -> str:
    cells = (
        (one.requests, "10.0f"),
        (one.reads, "8.1f"),
        (one.writes, "8.0f"),
        (one.ratio, "8.2f"),
    )
    numbers = "".join(
        f"{'-':>{form.split('.')[0]}}" if value is None else f"{value:>{form}}"
        for value, form in cells
    )
    cost = f"  {one.failed}" if one.failed else numbers
    return f"{one.system:34}{one.kind:8}{one.size:>9,}{cost}"


if __name__ == "__main__":
    main()
