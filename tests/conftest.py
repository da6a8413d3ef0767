"""What all suites share: the order of the kinds, their count at the end, and the running stack."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.running_stack import RunningStack, running_stack
from tests.support.users_shell import forget_users_shell

KINDS = ("unit", "contract", "smoke", "integration")

forget_users_shell()

# The same examples in every run, however slow the machine: a red test is a change's fault. Fresh
# ones are looked for with ``pytest --hypothesis-profile=default`` and the benches.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")

_ran: Counter[str] = Counter()


def _kind(node_id: str) -> str:
    return node_id.split("/")[1]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the cheap kinds first: what they find need not wait for a stack.

    In several processes (``-n 2 --dist loadgroup``) one of them takes all tests that need the
    running stack, and takes them first, while the others run the rest: there is one stack.
    """
    apart = hasattr(config, "workerinput")
    items.sort(key=lambda item: KINDS.index(_kind(item.nodeid)), reverse=apart)
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and not report.skipped:
        _ran[_kind(report.nodeid)] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests of each kind ran, above pytest's closing line."""
    counts = ", ".join(f"{kind} {_ran[kind]}" for kind in KINDS)
    terminalreporter.write_line(f"Tests run: {counts}")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The deployed stack: on a port and in a folder of its own, stopped at the end."""
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running
