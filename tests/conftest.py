"""What all suites share: the order of the kinds, their count at the end, and the running stack."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support import watch
from tests.support.policies import Need
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

# Before any function is imported: each is held to the permissions that the template gives it.
watch.begin()

_ran: Counter[str] = Counter()
_unused: list[str] = []


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


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what the functions asked for in one of several processes (xdist)."""
    for function, needs in getattr(node, "workeroutput", {}).get("asked", {}).items():
        watch.asked[function] |= {Need(*need) for need in needs}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a whole, green run in which a function never did what its policy allows."""
    config = session.config
    if hasattr(config, "workerinput"):
        output: dict[str, Any] = config.workeroutput  # type: ignore[attr-defined]  # xdist's own
        for name, needs in watch.asked.items():
            told = output.setdefault("asked", {})
            told[name] = [(need.action, need.resource) for need in needs]
    elif _is_whole(config) and session.exitstatus == pytest.ExitCode.OK:
        _unused.extend(watch.unused_grants(watch.asked))
        if _unused:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _is_whole(config: pytest.Config) -> bool:
    """Tell whether all tests were asked for, and not a choice of them."""
    choices = ("keyword", "markexpr", "deselect", "ignore", "lf", "collectonly")
    all_of_them = config.args_source is config.ArgsSource.TESTPATHS
    return all_of_them and not any(config.getoption(choice, None) for choice in choices)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests of each kind ran, above pytest's closing line."""
    for sentence in _unused:
        terminalreporter.write_line(f"template.yaml: {sentence}", red=True)
    counts = ", ".join(f"{kind} {_ran[kind]}" for kind in KINDS)
    terminalreporter.write_line(f"Tests run: {counts}")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The deployed stack: on a port and in a folder of its own, stopped at the end."""
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running
