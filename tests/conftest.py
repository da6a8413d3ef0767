"""Fixtures and hooks of all suites: their order, the test counts, and the running stack."""

import gc
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support import watch
from tests.support.client_environments import install, installing
from tests.support.grouping import GroupScheduling, kind
from tests.support.policies import Need
from tests.support.running_stack import RunningStack, attached_stack, running_stack
from tests.support.users_shell import forget_users_shell

KINDS = ("unit", "contract", "smoke", "integration", "browser")

forget_users_shell()

# The same examples in every run, so that a failure is caused by a change. Run
# ``pytest --hypothesis-profile=default`` and the benches for fresh examples.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")

# Before any function is imported: the watch checks their permissions.
watch.begin()

_ran: Counter[str] = Counter()
_unused: list[str] = []
_summaries: list[str] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the cheap kinds first: their failures need not wait for the stack.

    There is one stack. Of several processes (``-n 2``) one runs all tests that need it, and runs
    them first, while the others run the rest: see :mod:`tests.support.grouping`.
    """
    is_worker = hasattr(config, "workerinput")
    items.sort(key=lambda item: KINDS.index(kind(item.nodeid)), reverse=is_worker)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupScheduling:
    """Keep together the tests that share something expensive."""
    return GroupScheduling(config, log)


def pytest_collection_finish() -> None:
    """Spare the garbage collector the modules and the items, which live as long as the process."""
    gc.set_threshold(50_000, 50, 50)
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    install(item)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and not report.skipped:
        _ran[kind(report.nodeid)] += 1
        _summaries.extend(str(text) for name, text in report.user_properties if name == "summary")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Collect the requests of functions in one of several processes (xdist)."""
    for function, needs in getattr(node, "workeroutput", {}).get("asked", {}).items():
        watch.asked[function] |= {Need(*need) for need in needs}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a complete, green run in which a function never used one of its permissions."""
    config = session.config
    if hasattr(config, "workerinput"):
        output: dict[str, Any] = config.workeroutput  # type: ignore[attr-defined]  # xdist's own
        for name, needs in watch.asked.items():
            collected = output.setdefault("asked", {})
            collected[name] = [astuple(need) for need in needs]
    elif _is_complete(config) and session.exitstatus == pytest.ExitCode.OK:
        _unused.extend(watch.unused_grants(watch.asked))
        if _unused:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _is_complete(config: pytest.Config) -> bool:
    """Return whether all tests were selected."""
    selections = ("keyword", "markexpr", "deselect", "ignore", "lf", "collectonly")
    no_paths = config.args_source is config.ArgsSource.TESTPATHS
    return no_paths and not any(config.getoption(one, None) for one in selections)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the summaries of tests and the number of tests by kind."""
    for sentence in _unused:
        terminalreporter.write_line(f"template.yaml: {sentence}", red=True)
    for summary in _summaries:
        terminalreporter.write_line(summary)
    counts = ", ".join(f"{kind} {_ran[kind]}" for kind in KINDS)
    terminalreporter.write_line(f"Tests run: {counts}")


@pytest.fixture(scope="session")
def stack(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[RunningStack]:
    """The deployed stack, on its own port and in its own folder; stopped at the end.

    TEST_STACK names the folder of a running one instead, for work on a few tests.
    """
    if folder := os.environ.get("TEST_STACK"):
        yield attached_stack(Path(folder).absolute())
        return
    with (
        installing(request.session.items),
        running_stack(tmp_path_factory.mktemp("stack")) as running,
    ):
        yield running
