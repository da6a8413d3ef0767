"""Reader of import lines, shared with `make import`."""

import io

import pytest

from cli.agent_sessions_cli import lines
from cli.agent_sessions_cli.lines import read_lines, split_lines


def test_lines_are_numbered_with_blank_ones() -> None:
    found = list(read_lines([b'{"id": 1}\r\n', b"  \n", b"\xef\xbb\xbf", b"[]"]))

    assert [(one.number, one.value) for one in found if not one.refusal] == [
        (1, {"id": 1}),
        (4, []),
    ]


def test_line_above_the_limit_is_refused_and_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of exactly the limit are read, whatever their end."""
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 10)
    monkeypatch.setattr(lines, "_CHUNK", 4)
    content = b'"12345678"\r\n' + b'"123456789"\n' + b"x" * 99 + b"\n" + b'"12345678"'

    found = list(read_lines(split_lines(io.BytesIO(content))))

    assert [one.number for one in found] == [1, 2, 3, 4]
    assert [bool(one.refusal) for one in found] == [False, True, True, False]


def test_memory_of_an_endless_line_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 1000)

    [line] = split_lines(io.BytesIO(b"x" * 100_000))

    assert len(line) == 1001


@pytest.mark.parametrize("text", [b"{", b"\xff", b"[" * 100_000])
def test_line_that_is_not_json_is_refused(text: bytes) -> None:
    [line] = read_lines([text])

    assert line.refusal.startswith("not JSON")


EXPORTED = [b'{"type": "session", "id": "a"}\n', b'{"sequence": 1}\n', b' {"sequence" : 2}\r\n']


def test_lines_of_an_exported_session_are_one() -> None:
    found = list(read_lines([b"1\n", *EXPORTED, *EXPORTED[:1], b'{"sequence": 3}', b"[]"]))

    sequences = [[one["sequence"] for one in line.value["events"]] for line in found[1:3]]
    assert [line.number for line in found] == [1, 2, 5, 7]
    assert sequences == [[1, 2], [3]]


def test_event_without_its_session_is_a_line_of_its_own() -> None:
    assert [one.value for one in read_lines([EXPORTED[1], EXPORTED[0]])] == [
        {"sequence": 1},
        {"type": "session", "id": "a"},
    ]


def test_memory_of_an_exported_session_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 100)
    event = b'{"sequence": 1, "data": "0123456789"}'

    first, last = read_lines([EXPORTED[0], *[event] * 50, b'{"id": "next"}'])

    assert first.refusal.startswith("must not exceed")
    assert (last.number, last.refusal) == (52, "")
