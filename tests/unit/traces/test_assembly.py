"""Assembly of sessions: successors, deletions, long conversations, concurrent writers."""

from typing import Any

import pytest

from functions.triggers import assemble_traces
from shared.core.ids import SessionId
from shared.sessions import log_rewriting
from shared.sessions.documents import session_key
from shared.storage.records import Key, Record
from shared.storage.table import table
from shared.traces import documents
from tests.support.gateway import Gateway
from tests.support.table_stream import count_sessions
from tests.support.traces import Tracing, span, text, turn
from tests.support.watch import outside

#: Kinds of partitions of spans and conversations.
KINDS = ("trace", "capture")
A, B, C = (letter * 32 for letter in "abc")


def turns(*numbers: int, conversation: str | None = "c") -> list[list[dict[str, Any]]]:
    """Return the spans of successive turns, each of a trace of its own."""
    found: list[list[dict[str, Any]]] = []
    history: list[dict[str, Any]] = []
    for number in numbers:
        spans, history = turn(f"{number:032x}", number, f"Question {number}", history, conversation)
        found.append(spans)
    return found


def asked(tracing: Tracing, session: dict[str, Any]) -> list[str]:
    return [one for one in tracing.told(session) if one.startswith("user")]


def all_items(tracing: Tracing) -> list[str]:
    """Return the kinds of partitions of stored spans and assemblies."""
    items = stored_items(tracing)
    kinds = [(one["pk"]["S"].split("#")[1], one["sk"]["S"].split("#")[0]) for one in items]
    return sorted(f"{kind} {sort}" for kind, sort in kinds if kind in KINDS)


def stored_items(tracing: Tracing) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = list(table().client.scan(TableName=table().name)["Items"])
    return [one for one in items if one["pk"]["S"].startswith(str(tracing.api.organization_id))]


def test_ids_of_events_stay_while_the_conversation_goes_on(tracing: Tracing) -> None:
    first, second = turns(1, 2)
    tracing.capture(*first)
    [session] = tracing.sessions()
    before = tracing.events(session)

    tracing.capture(*second)

    assert tracing.events(session)[: len(before)] == before


def test_late_span_rewrites_the_log_from_its_place_on(tracing: Tracing) -> None:
    first, second, third = turns(1, 2, 3)
    tracing.capture(*first)
    tracing.capture(*third[:1])
    [session] = tracing.sessions()
    before = tracing.events(session)
    assert asked(tracing, session) == ["user: Question 1", "user: Question 3"]

    tracing.capture(*second)

    assert [one["title"] for one in tracing.sessions()] == ["c"]
    expected = ["user: Question 1", "user: Question 2", "user: Question 3"]
    assert asked(tracing, session) == expected
    assert tracing.events(session)[:5] == before[:5]


def test_shorter_log_leaves_nothing_of_the_longer_one(tracing: Tracing) -> None:
    # The agent's span alone has its question and answer; the model's make one of both.
    first, second = turns(1, 2)
    tracing.capture(first[0], second[0])
    [session] = tracing.sessions()
    longer = len(tracing.events(session))
    moved = {**first[0], "attributes": [
        {"key": "gen_ai.conversation.id", "value": {"stringValue": "d"}},
        *(one for one in first[0]["attributes"] if one["key"] != "gen_ai.conversation.id"),
    ], "spanId": "0" * 15 + "1", "startTimeUnixNano": "1772355600000000000"}  # fmt: skip
    tracing.capture(moved)

    titles = {one["title"]: one for one in tracing.sessions()}
    assert set(titles) == {"c", "d"}
    assert len(tracing.events(titles["c"])) < longer
    assert asked(tracing, titles["c"]) == ["user: Question 2"]


def test_session_that_went_on_has_a_successor(tracing: Tracing) -> None:
    first, second, third = turns(1, 2, 3)
    tracing.capture(*first)
    [session] = tracing.sessions()
    posted = {"message": {"role": "user", "content": [{"type": "text", "text": "And now?"}]}}
    assert tracing.api("POST", f"/v1/sessions/{session['id']}/messages", posted).status == 201
    before = tracing.told(session)

    tracing.capture(*second)
    tracing.capture(*third)

    assert tracing.told(session) == before
    [successor] = [one for one in tracing.sessions() if one["id"] != session["id"]]
    assert asked(tracing, successor) == [f"user: Question {n}" for n in (1, 2, 3)]
    # The spans are the successor's now.
    tracing.delete(session)
    assert "trace spans" in all_items(tracing)
    tracing.delete(successor)
    assert "trace spans" not in all_items(tracing)
    assert "capture trace" not in all_items(tracing)
    kept = [one for one in stored_items(tracing) if one["pk"]["S"].split("#")[1] in KINDS]
    assert kept
    assert all("expires_at" in one for one in kept)


def test_log_that_a_fork_refers_to_has_a_successor(tracing: Tracing) -> None:
    first, second, third = turns(1, 2, 3)
    tracing.capture(*first)
    tracing.capture(*third)
    [session] = tracing.sessions()
    key = session_key(tracing.api.organization_id, SessionId.parse(session["id"]))
    shared = Record(key=Key(key.partition, "shared"), type="shared", body={"through": 6})
    table().create(shared)
    before = tracing.told(session)

    tracing.capture(*second)

    assert tracing.told(session) == before
    assert len(tracing.sessions()) == 2


def test_rewriting_behind_what_a_fork_refers_to_keeps_the_session(tracing: Tracing) -> None:
    first, second, third = turns(1, 2, 3)
    tracing.capture(*first)
    tracing.capture(*third)
    [session] = tracing.sessions()
    key = session_key(tracing.api.organization_id, SessionId.parse(session["id"]))
    table().create(Record(key=Key(key.partition, "shared"), type="shared", body={"through": 5}))

    tracing.capture(*second)

    assert [one["id"] for one in tracing.sessions()] == [session["id"]]
    assert len(asked(tracing, session)) == 3


@pytest.mark.parametrize("conversation", ["c", None])
def test_spans_of_a_deleted_session_are_purged_and_later_ones_dropped(
    tracing: Tracing, conversation: str | None
) -> None:
    [spans] = turns(1, conversation=conversation)
    tracing.capture(*spans[1:], spans[0])
    [session] = tracing.sessions()
    tracing.delete(session)
    assert all_items(tracing) == (["capture state", "trace owner"])

    tracing.capture(spans[2])
    tracing.capture(*spans)

    assert tracing.sessions() == []
    assert "trace spans" not in all_items(tracing)


def test_spans_that_arrive_before_the_purge_are_purged(tracing: Tracing) -> None:
    first, second = turns(1, 2)
    tracing.capture(*first)
    [session] = tracing.sessions()
    assert tracing.api("DELETE", f"/v1/sessions/{session['id']}").status == 204
    tracing.capture(*second)
    tracing.purge(session)
    assert tracing.sessions() == []
    assert "trace spans" not in all_items(tracing)


def test_long_conversation_is_written_in_parts(
    tracing: Tracing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_rewriting, "_MAX_EVENTS", 7)
    first, second, third = turns(1, 2, 3)
    tracing.capture(*first, *second, *third)
    [session] = tracing.sessions()
    assert asked(tracing, session) == [f"user: Question {n}" for n in (1, 2, 3)]
    assert len(tracing.told(session)) == 15


def test_rewriting_more_than_a_transaction_makes_a_successor(
    tracing: Tracing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_rewriting, "_MAX_ITEMS", 1)
    first, second, third = turns(1, 2, 3)
    tracing.capture(*first)
    tracing.capture(*third)
    [session] = tracing.sessions()
    before = tracing.told(session)
    tracing.capture(*second)
    assert tracing.told(session) == before
    [successor] = [one for one in tracing.sessions() if one["id"] != session["id"]]
    assert asked(tracing, successor) == [f"user: Question {n}" for n in (1, 2, 3)]


def test_agent_that_becomes_known_later_counts_the_session(tracing: Tracing) -> None:
    agent, *inner = turns(1)[0]
    named = {"key": "gen_ai.conversation.id", "value": {"stringValue": "c"}}
    inner = [{**one, "attributes": [*one["attributes"], named]} for one in inner]
    tracing.capture(*inner)
    [session] = tracing.sessions()
    tracing.capture(agent)

    count_sessions()
    agents = {one["name"]: one["id"] for one in tracing.api("GET", "/v1/agents").json["data"]}
    assert set(agents) == {"shop", "Desk"}
    counts = {
        name: tracing.api("GET", f"/v1/sessions?agent_id={one}&limit=0").json["total"]
        for name, one in agents.items()
    }
    assert counts == {"shop": 0, "Desk": 1}
    assert tracing.api("GET", "/v1/sessions?limit=0").json["total"] == 1
    assert tracing.sessions()[0]["id"] == session["id"]


def test_too_many_bytes_of_a_conversation_fail_its_messages_only(
    tracing: Tracing, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracing.export(*turns(1)[0])
    tracing.export(span(B, 1, "chat", 1, 1, gen_ai__input__messages=[text("user", "Hi")]))
    monkeypatch.setattr(documents, "MAX_CONVERSATION_BYTES", 1000)
    assert tracing.assemble(*tracing.held) == ["0"]
    assert [one["title"] for one in tracing.sessions()] == [B]


def test_unreadable_message_fails_alone(tracing: Tracing) -> None:
    tracing.export(*turns(1)[0])
    assert tracing.assemble("x", '{"organization_id": 7}', *tracing.held) == ["0", "1"]
    assert len(tracing.sessions()) == 1


def test_organizations_do_not_share_a_conversation(tracing: Tracing, other_api: Gateway) -> None:
    other = Tracing(other_api)
    first, second = turns(1, 2)
    tracing.capture(*first)
    other.capture(*second)
    assert len(tracing.told(tracing.sessions()[0])) == 5
    assert asked(other, other.sessions()[0]) == ["user: Question 1", "user: Question 2"]


@pytest.mark.parametrize("step", ["assign", "assemble"])
def test_concurrent_assemblies_write_what_the_last_one_read(
    tracing: Tracing, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A second assembly runs between the reads and the write of a first one."""
    agent, *inner = turns(1)[0]
    tracing.export(*inner)
    assembly = assemble_traces.assembly()
    name = "_conversation" if step == "assemble" else "assign"
    real = getattr(type(assembly), name)
    entered: list[bool] = []

    def interrupted(self: Any, *arguments: Any) -> Any:
        found = real(self, *arguments)
        if not entered:
            entered.append(True)
            with outside():
                tracing.capture(agent)
        return found

    monkeypatch.setattr(type(assembly), name, interrupted)
    first = list(tracing.held)
    tracing.held = []
    assert tracing.assemble(*first) == []

    [session] = tracing.sessions()
    assert session["title"] == "c"
    assert len(tracing.told(session)) == 5
    assert tracing.api("GET", "/v1/sessions").json["total"] == 1


def test_session_without_time_is_assembled_at_the_next_delivery(tracing: Tracing) -> None:
    """The end of the function would fail the messages of all sessions of its batch."""
    tracing.export(*turns(1)[0])
    first = list(tracing.held)

    assert tracing.assemble(seconds=40) == ["0"]
    assert tracing.sessions() == []
    assert tracing.assemble(*first) == []

    assert len(tracing.sessions()) == 1
