"""Distribution of the tests over processes: those that share something expensive stay together.

pytest-xdist's own groups (``--dist loadgroup`` and its mark) have no effect with pytest 9.2, which
does not read the attribute that they are written to.
"""

from xdist.scheduler import LoadScopeScheduling

#: Kinds of tests that need the one running stack.
_OF_THE_STACK = ("smoke", "integration", "browser")
#: Files of tests that share one measurement, or servers of their own.
_WHOLE_FILES = (
    "tests/integration/test_model_servers.py",
    "tests/unit/scenarios/redaction/test_bench_sample.py",
    "tests/unit/scenarios/redaction/test_cases.py",
    "tests/unit/test_start_up.py",
)


class GroupScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Scheduler that gives each group to one process, the group of the stack first.

    The base class starts with the largest group.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def kind(node_id: str) -> str:
    """Return the kind of a test: the folder of ``tests/`` that it is in."""
    return node_id.split("/")[1]


def group(node_id: str) -> str:
    """Return the name of a test's group: for most tests, their own id."""
    path = node_id.split("::", maxsplit=1)[0]
    if path in _WHOLE_FILES:
        return path
    return "stack" if kind(path) in _OF_THE_STACK else node_id
