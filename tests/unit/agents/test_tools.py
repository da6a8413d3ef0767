"""Built-in tools: results, limits and errors."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.agents.agents.domain import CapabilityConfig
from shared.agents.tools.calculator import evaluate
from shared.agents.tools.capabilities import capability, enabled_tools
from shared.agents.tools.notes import MAX_NOTES, Notes
from shared.agents.tools.tool import AnyTool, ToolContext, ToolFailed

NOW = datetime(2026, 2, 7, 12, 30, tzinfo=UTC)


def _no_files() -> Any:
    raise AssertionError("this tool has no files")


def call(name: str, arguments: dict[str, Any], notes: Notes | None = None) -> Any:
    current = notes or Notes()
    [tool] = capability(name).tools
    return tool.call(arguments, ToolContext(now=NOW, notes=lambda: current, files=_no_files))


@pytest.mark.parametrize(
    ("arguments", "time"),
    [
        ({}, "2026-02-07T12:30:00+00:00"),
        ({"timezone": "Europe/Madrid"}, "2026-02-07T13:30:00+01:00"),
        ({"timezone": "Asia/Tokyo"}, "2026-02-07T21:30:00+09:00"),
    ],
)
def test_current_time_is_converted_to_time_zone(arguments: dict[str, str], time: str) -> None:
    result = call("current_time", arguments)
    assert result["time"] == time
    assert result["weekday"] == "Saturday"


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "/etc/passwd", "", "\x00"])
def test_unknown_time_zone_fails(zone: str) -> None:
    with pytest.raises(ToolFailed, match="there is no time zone"):
        call("current_time", {"timezone": zone})


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("2+2", "4"),
        ("(3 + 4) * 2.5", "17.5"),
        ("0.1 + 0.2", "0.3"),
        ("1/3", "0." + "3" * 30),
        ("-7 // 2", "-4"),
        ("-7 % 3", "2"),
        ("2**10", "1024"),
        ("2^-2", "0.25"),
        ("7 \u00d7 6 \u00f7 2", "21"),
        ("-1/8", "-0.125"),
        ("1e3", "1000"),
        ("1_000 + 0x10", "1016"),
        ("10**50 + 1", "1" + "0" * 49 + "1"),
    ],
)
def test_arithmetic_is_exact(expression: str, result: str) -> None:
    assert evaluate(expression) == result


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("1/0", "division by zero"),
        ("0**-1", "division by zero"),
        ("2 +", "not an arithmetic expression"),
        ("__import__('os')", "only numbers"),
        ("a + 1", "only numbers"),
        ("True + 1", "only numbers"),
        ("'a' * 3", "only numbers"),
        ("[1][0]", "only numbers"),
        ("9**9**9**9", "more than 1000 digits"),
        ("10**5000", "more than 1000 digits"),
        ("2**0.5", "whole number"),
        ("-" * 90 + "1", "nested too deeply"),
        ("1e999999999999", "more than 1000 digits"),
        ("1e-999999999999", "more than 1000 digits"),
    ],
)
def test_invalid_or_too_large_arithmetic_fails(expression: str, message: str) -> None:
    with pytest.raises(ToolFailed, match=message):
        evaluate(expression)


def test_notes_can_be_set_read_and_listed() -> None:
    notes = Notes()
    call("session_notes", {"action": "set", "key": " name ", "value": "Ada"}, notes)
    assert call("session_notes", {"action": "get", "key": "name"}, notes)["value"] == "Ada"
    assert call("session_notes", {"action": "list"}, notes) == {"notes": {"name": "Ada"}}
    assert notes.changed


def test_unchanged_notes_are_not_marked_as_changed() -> None:
    notes = Notes({"name": "Ada"}, version=3)
    call("session_notes", {"action": "list"}, notes)
    call("session_notes", {"action": "set", "key": "name", "value": "Ada"}, notes)
    assert not notes.changed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "Invalid arguments: action"),
        ({"action": "burn"}, "Invalid arguments: action"),
        ({"action": "get"}, "key is required to get"),
        ({"action": "set", "key": "a"}, "value is required"),
        ({"action": "set", "key": "", "value": "b"}, "Invalid arguments: key"),
        ({"action": "set", "key": "a", "value": "b" * 2001}, "Invalid arguments: value"),
        ({"action": "get", "key": "a"}, "there is no note 'a'"),
        ({"action": "list", "colour": "red"}, "Invalid arguments: colour"),
        ({"action": "set", "key": "new", "value": "b"}, "at most 100 notes"),
    ],
)
def test_invalid_note_arguments_fail(arguments: dict[str, Any], message: str) -> None:
    full = Notes({str(number): "x" for number in range(MAX_NOTES)})
    with pytest.raises(ToolFailed, match=message):
        call("session_notes", arguments, full)


def no_remote_tools(*_: Any) -> dict[str, AnyTool]:
    raise AssertionError("no capability is remote")


def test_capability_of_the_session_replaces_the_agents() -> None:
    asked: list[Any] = []

    def remote(capabilities: list[CapabilityConfig], taken: Iterable[str]) -> dict[str, AnyTool]:
        asked.append((capabilities, list(taken)))
        return {}

    of_agent = [CapabilityConfig("mcp", {"url": "a"}), CapabilityConfig("calculator")]
    of_session = [CapabilityConfig("mcp", {"url": "b"}), CapabilityConfig("http:x", {})]
    assert list(enabled_tools(of_agent, of_session, remote)) == ["calculator"]
    assert asked == [([of_session[0], of_session[1]], ["calculator"])]


def test_tools_of_agent_precede_those_that_only_the_session_has() -> None:
    of_agent = [CapabilityConfig("session_notes", 1), CapabilityConfig("calculator")]
    of_session = [
        CapabilityConfig("calculator", 2),
        CapabilityConfig("time_travel"),
        CapabilityConfig("current_time"),
        CapabilityConfig("session_notes"),
    ]
    tools = enabled_tools(of_agent, of_session, no_remote_tools)
    assert list(tools) == ["session_notes", "calculator", "current_time"]
