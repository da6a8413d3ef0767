"""README's section on cost, generated from measured units and list prices."""

import re
from pathlib import Path
from textwrap import fill

from benchmarks.price import Price
from benchmarks.report.section import table
from local.settings import ROOT

README = ROOT / "README.md"
_HEADING = "## Cost of a million sessions"
_SECTION = re.compile(rf"{_HEADING}\n.*?\n(?=## )", re.DOTALL)
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def cost_section(price: Price) -> str:
    """Return the section, its heading included."""
    rows = [(one.part, one.use, f"${one.dollars:.2f}") for one in price.lines]
    rows.append(("**total**", "", f"**about ${price.total:.2f}**"))
    idle = price.idle
    creating = (
        "Creating a million agent sessions, at the list prices of us-east-1 (on demand, without "
        "free tier), computed from measured units by `python -m benchmarks.price`; the "
        "milliseconds of Lambda and the share of traced requests are assumed, and each session is "
        "alone in its batch of the table's stream:"
    )
    others = (
        f"Storing a million sessions with {_word(price.entries)} index entries "
        f"({price.gigabytes:.1f} GB) costs ${price.storage:.2f} a month. An idle stack pays for "
        f"storage and for {_word(idle.functions)} functions that look for work once a minute "
        f"(${idle.dollars:.2f} a month). Counting requests for throttle and quota writes 0.1 to "
        "0.17 units a request, not included above ([decision 51]"
        "(docs/decisions/0051-organizations-without-a-gateway-key.md)). SnapStart is off by "
        "default: Lambda charges for each snapshot "
        "([prices](docs/start-up.md#supported-means-that-are-left)). A deployment retains only its "
        "own snapshots."
    )
    prices = table(("part", "use", "price"), rows)
    return "\n\n".join((_HEADING, _filled(creating), prices, _filled(others), ""))


def stated_section(readme: Path = README) -> str:
    """Return the section as the README has it."""
    found = _SECTION.search(readme.read_text())
    assert found is not None, f"README.md: must have the section {_HEADING!r}"
    return found[0]


def update_readme(price: Price, readme: Path = README) -> None:
    """Write the section into the README."""
    text = readme.read_text()
    readme.write_text(text.replace(stated_section(readme), cost_section(price)))


def _filled(text: str) -> str:
    return fill(text, 100, break_on_hyphens=False)


def _word(number: int) -> str:
    return _WORDS[number] if number < len(_WORDS) else str(number)
