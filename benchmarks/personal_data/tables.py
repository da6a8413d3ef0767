"""Tables of the measurement, in Markdown."""

from collections.abc import Callable, Iterable

from benchmarks.personal_data.measure import Found, Result
from benchmarks.personal_data.values import Kind

type Group = Callable[[Found], str]

GROUPS: dict[str, Group] = {
    "by kind": lambda found: found.planted.value.kind.value,
    "names, by the way they come in": lambda found: (
        found.planted.way if found.planted.value.kind is Kind.NAME else ""
    ),
    "names, by language": lambda found: (
        ("English" if found.case.group.startswith("en_") else "others")
        if found.planted.value.kind is Kind.NAME
        else ""
    ),
    "names, by locale": lambda found: (
        found.case.group if found.planted.value.kind is Kind.NAME else ""
    ),
    "all kinds, by locale": lambda found: found.case.group,
}


def print_shares(results: dict[str, Result]) -> None:
    """Print the readable shares of each group: one column for each drafting."""
    for title, group in GROUPS.items():
        columns = [
            column
            for name, result in results.items()
            for column in (
                (f"{name}: words", _shares(result.found, group, lambda f: f.in_words)),
                (f"{name}: world", _shares(result.found, group, lambda f: f.in_world)),
            )
        ]
        _print_table(f"readable, {title}", columns)
    _print_table(
        "changed, though harmless", [(name, _changed(result)) for name, result in results.items()]
    )


def print_comparison(results: dict[str, Result | None]) -> None:
    """Print the shares that are readable in redacted texts, a column for each tool."""
    kinds = {
        name: {**_shares(result.found, GROUPS["by kind"], lambda f: f.in_words), **_changed(result)}
        for name, result in results.items()
        if result is not None
    }
    rows = next(iter(kinds.values()))
    columns = [(name, kinds.get(name) or dict.fromkeys(rows, "not measured")) for name in results]
    _print_table("readable, and harmless but changed, in the texts of the messages", columns)


def print_findings(result: Result) -> None:
    """Print each leak, and each harmless text that was changed."""
    for found in result.found:
        value = found.planted.value
        for part, place in ((found.in_words, "words"), (found.in_world, "world")):
            if part is not None:
                print(
                    f"leak in {place}: {found.case.group} {value.kind.value}, {found.planted.way}:"
                    f" {value.text!r}, by {part!r}"
                )
    for changed in (*result.changed_numbers, *result.changed_phrases):
        print(f"changed: {changed.case.group} {changed.text!r}")


def _shares(
    found: Iterable[Found], group: Group, part: Callable[[Found], str | None]
) -> dict[str, str]:
    counts: dict[str, list[bool]] = {}
    for one in found:
        if name := group(one):
            counts.setdefault(name, []).append(part(one) is not None)
    return {
        name: f"{sum(own)} of {len(own)} ({sum(own) / len(own):.1%})"
        for name, own in sorted(counts.items())
    }


def _changed(result: Result) -> dict[str, str]:
    rows = {
        "harmless phrases": (len(result.changed_phrases), result.phrases),
        "numbers of orders and the like": (len(result.changed_numbers), result.numbers),
    }
    return {
        name: f"{changed} of {total} ({changed / max(total, 1):.1%})"
        for name, (changed, total) in rows.items()
    }


def _print_table(title: str, columns: list[tuple[str, dict[str, str]]]) -> None:
    print(f"\n| {title} |" + "".join(f" {name} |" for name, _ in columns))
    print("|---|" + "---|" * len(columns))
    for row in columns[0][1]:
        print(f"| {row} |" + "".join(f" {cells.get(row, '')} |" for _, cells in columns))
