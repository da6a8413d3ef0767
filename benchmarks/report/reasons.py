"""Reasons why goals are missed, by the beginning of a figure's name.

They are written by hand, as a reading of profiles; the page says where one is missing.
"""

from benchmarks.report.section import Figure

_DRAFT = (
    "A draft reads the conversation once, up to a number of bytes at its begin and at its end; "
    "beyond that it is constant."
)
_START = "[start-up.md](start-up.md#remaining-costs) has the profile, and what is left."
REASONS: dict[str, str] = {
    "write units: open an agent session, alone in a batch": (
        "The request writes 3 units. The totals of the lists are counted from the table's stream, "
        "once a batch: 2 more for a session that is alone in its batch "
        "([decision 54](decisions/0054-totals-from-the-stream.md))."
    ),
    "INIT": _START,
    "warm CPU": _START,
    "growth of read units: append": (
        "A turn reads the newest 150 items of its log: with the longer sequence numbers of a long "
        "log they pass a limit of 4 KB once more."
    ),
    "growth of requests: draft": _DRAFT,
    "growth of read units: draft": _DRAFT,
    "growth of CPU: draft": _DRAFT,
}


def reason_of(figure: Figure) -> str:
    """Return why a goal is missed: what was measured, and what is known by the figure's name.

    Of several beginnings of the name, the longest counts.
    """
    found = [beginning for beginning in REASONS if figure.name.startswith(beginning)]
    known = REASONS[max(found, key=len)] if found else ""
    return " ".join(filter(None, (figure.why, known))) or "The reason is not examined yet."
