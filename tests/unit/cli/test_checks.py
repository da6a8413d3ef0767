"""Command `scenarios checks`: shown, suggested, stored."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.unit.cli.conftest import CommandLine

SUGGESTED = [{"type": "tool_called", "tool": "refund_order", "min": None}, {"type": "max_turns"}]
SESSION = "session_0000000000000000000000000000000a"


@pytest.fixture
def stored(cli: CommandLine) -> list[Any]:
    """The checks that an API stores."""
    found: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/suggested"):
            assert request.url.params["session_id"] == "00000000-0000-0000-0000-00000000000a"
            return httpx.Response(200, json={"checks": SUGGESTED})
        assert request.url.path == "/v1/scenarios/s/checks"
        if request.method == "PUT":
            found[:] = json.loads(request.content)["checks"]
        return httpx.Response(200, json={"checks": found})

    cli.talks_to(answer)
    return found


def test_suggested_checks_are_stored_only_on_demand(cli: CommandLine, stored: list[Any]) -> None:
    done = cli("scenarios", "checks", "s", "--suggest", SESSION)

    assert done.lines == [{"type": "tool_called", "tool": "refund_order"}, {"type": "max_turns"}]
    assert stored == []
    assert cli("scenarios", "checks", "s", "--suggest", SESSION, "--save").status == 0
    assert stored == SUGGESTED
    assert cli("scenarios", "checks", "s", "--json").json == {"checks": SUGGESTED}


@pytest.mark.parametrize(
    "text",
    ['[{"type": "a"}, {"type": "b"}]', '{"type": "a"}\n{"type": "b"}\n',
     '{"checks": [{"type": "a"}, {"type": "b"}]}'],
)  # fmt: skip
def test_checks_of_a_file_are_stored(
    cli: CommandLine, stored: list[Any], tmp_path: Path, text: str
) -> None:
    file = tmp_path / "checks.json"
    file.write_text(text)

    assert cli("scenarios", "checks", "s", "--file", file).status == 0
    assert stored == [{"type": "a"}, {"type": "b"}]
    assert cli("scenarios", "checks", "s", "--file", "-", stdin=b'{"type": "c"}').status == 0
    assert stored == [{"type": "c"}]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--save",), "--save: can only be used with --suggest"),
        (("--suggest", SESSION, "--file", "a"), "--suggest, --file: only one can be given"),
        (("--file", "/no/such"), "/no/such cannot be read"),
        (("--file", "-"), "-: not JSON"),
        (("--suggest", "x"), "SESSION: must be"),
    ],
)
def test_wrong_usage_stores_nothing(
    cli: CommandLine, stored: list[Any], options: tuple[str, ...], reason: str
) -> None:
    done = cli("scenarios", "checks", "s", *options)

    assert done.status == 2
    assert reason in done.err
    assert stored == []


def test_scenario_without_checks_says_so(cli: CommandLine, stored: list[Any]) -> None:
    assert cli("scenarios", "checks", "s").err == "no checks\n"
