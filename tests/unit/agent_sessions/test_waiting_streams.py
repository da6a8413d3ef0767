"""Streams that wait: for the text of a turn, for events, and behind a deleted session."""

from collections.abc import Callable
from typing import Any

import pytest
from everruns_sdk import Everruns

from shared.agents.events.api import EventsParameters
from shared.agents.events.query import EventQuery
from shared.agents.events.service import EventPage, EventService
from shared.agents.events.stream import EventStream
from shared.agents.events.wiring import events as event_service
from shared.agents.sessions.wiring import session_repository
from shared.core.errors import DomainError, NotFound, Throttled, Unavailable
from shared.core.ids import SessionId
from shared.sessions import live_text
from shared.sessions.waiting import Waiting
from shared.storage.table import Table, table
from tests.support.agents import say
from tests.support.everruns import sdk_stream, with_sdk
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import BEGUN, Clock, Model, Turns, events, text
from tests.unit.agent_sessions.live_answers import DELTA, WORDS, live_items, stream, writing


class Wait:
    """Time of a request that waits: it passes by sleeping, and things happen in it."""

    def __init__(self, seconds: float, **at: Callable[[], Any]) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._events = {float(when.removeprefix("at_")): what for when, what in at.items()}
        self.waiting = Waiting(seconds=seconds, sleep=self._sleep, monotonic=lambda: self.now)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)
        for when in [one for one in self._events if one <= self.now]:
            self._events.pop(when)()

    def read(self, api: Gateway, session_id: str, **query: Any) -> EventPage:
        found = EventStream(event_service(), session_repository(), self.waiting)
        parameters = EventsParameters.model_validate(query)
        identifier = SessionId.parse(session_id)
        return found.read(api.organization_id, identifier, parameters.to_domain())


def test_stream_without_news_waits_and_ends(api: Gateway, answered_session: str) -> None:
    wait = Wait(20)
    with counted_requests() as counts:
        page = wait.read(api, answered_session, after_sequence=10)

    assert page.events == []
    assert wait.now == pytest.approx(19)  # the last look has a second
    assert wait.slept[0] == 0.5
    assert max(wait.slept) == 1.0
    # The look of each pause is one request, and none is written.
    assert counts == {"GetItem": 1, "BatchGetItem": len(wait.slept)}


def test_stream_returns_as_soon_as_there_is_an_event(api: Gateway, answered_session: str) -> None:
    wait = Wait(20, at_3=lambda: say(api, answered_session, "Hello again"))

    page = wait.read(api, answered_session, after_sequence=10)

    assert [event.type for event in page.events] == ["input.message", *BEGUN]
    assert 3 <= wait.now < 4.5


def test_stream_waits_on_behind_events_that_its_filter_excludes(
    api: Gateway, answered_session: str
) -> None:
    def answer() -> None:
        Turns(Model(text("Hi"))).run()

    wait = Wait(20, at_3=lambda: say(api, answered_session, "Hello again"), at_6=answer)

    page = wait.read(api, answered_session, after_sequence=10, types=["turn.completed"])

    assert [event.type for event in page.events] == ["turn.completed"]
    assert 6 <= wait.now < 7.5


def test_stream_counts_its_first_read_as_waiting(
    api: Gateway, answered_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait = Wait(20)
    read = EventService.read

    def slow(*given: Any) -> EventPage:
        wait.now += 6
        return read(*given)

    monkeypatch.setattr(EventService, "read", slow)
    wait.read(api, answered_session, after_sequence=10)

    assert wait.now == pytest.approx(19)


@pytest.mark.parametrize("failure", [Throttled("Retry."), Unavailable("Retry.")])
@pytest.mark.parametrize("request_of_table", ["put", "get_many"])
def test_stream_waits_on_when_the_table_does_not_answer(
    api: Gateway,
    session_id: str,
    monkeypatch: pytest.MonkeyPatch,
    request_of_table: str,
    failure: DomainError,
) -> None:
    say(api, session_id, "Hello")
    failures = iter([failure])
    request = getattr(Table, request_of_table)

    def failing(table: Table, *given: Any, **options: Any) -> Any:
        for one in failures:
            raise one
        return request(table, *given, **options)

    wait = Wait(20, at_3=lambda: Turns(Model(text("Hi"))).run())
    monkeypatch.setattr(Table, request_of_table, failing)

    page = wait.read(api, session_id, after_sequence=4)

    assert page.events
    assert next(failures, None) is None


def test_text_of_the_next_call_outlives_the_writer_before(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Hello")
    page = event_service().read(api.organization_id, SessionId.parse(session_id), EventQuery())
    key, now = page.loaded.record.key, 0.0

    def writer(call: str) -> live_text.LiveTextWriter:
        return live_text.LiveTextWriter(table(), key, call, lambda _: None, monotonic=lambda: now)

    live_text.LiveTextReader(table(), key).look(with_text=True)
    with writer("next") as following:
        with writer("before") as before:
            now = 2.0
            before("old")
            following("new")
        assert "text#live" in live_items(session_id)
    assert "text#live" not in live_items(session_id)


def test_session_deleted_while_a_stream_waits_is_not_found(
    api: Gateway, answered_session: str
) -> None:
    wait = Wait(20, at_3=lambda: api("DELETE", f"/v1/sessions/{answered_session}"))

    with pytest.raises(NotFound):
        wait.read(api, answered_session, after_sequence=10)


def test_waiting_stream_leaves_nothing_in_a_deleted_session(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Hello")
    loaded = event_service().read(api.organization_id, SessionId.parse(session_id), EventQuery())
    api("DELETE", f"/v1/sessions/{session_id}")

    reader = live_text.LiveTextReader(table(), loaded.loaded.record.key)
    reader.look(with_text=True)

    assert live_items(session_id) == {}


def test_listener_is_renewed_every_ten_seconds(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    get_many = Table.get_many

    def note(table: Table, keys: Any, **options: Any) -> Any:
        read.extend(key.sort for key in keys)
        return get_many(table, keys, **options)

    monkeypatch.setattr(Table, "get_many", note)
    say(api, session_id, "Hello")
    with counted_requests() as counts:
        Wait(20).read(api, session_id, after_sequence=4)

    assert counts["PutItem"] <= 2
    assert read.count("text#listener") <= 3
    assert read.count("session") > 20
    assert set(live_items(session_id)) == {"text#listener"}


def test_older_copy_of_the_session_does_not_bring_a_text_back(
    api: Gateway, session_id: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An eventually consistent read may return both as they were during the turn."""
    copies: list[Any] = []
    get_many = Table.get_many

    def look(_: int) -> None:
        stream(api, session_id, f"?since_id={events(api, session_id)[-1]['id']}")

    def copy(table: Table, keys: Any, *, consistent: bool = True) -> Any:
        found = get_many(table, keys, consistent=consistent)
        copies.append(found)
        return found

    say(api, session_id, "Count")
    with monkeypatch.context() as patch:
        patch.setattr(Table, "get_many", copy)
        Turns(writing(clock, look), clock).run()
    during = copies[-1]
    assert "text#live" in {key.sort for key in during}
    say(api, session_id, "And five?")
    monkeypatch.setattr(Table, "get_many", lambda *_, **__: during)

    last = events(api, session_id)[-1]["id"]
    with counted_requests() as counts:
        page = Wait(3).read(api, session_id, since_id=last)

    assert page.events == []
    assert counts == {"GetItem": 1}  # the copies are not news that would be read


def test_everruns_sdk_sees_the_text_grow(api: Gateway, session_id: str, clock: Clock) -> None:
    say(api, session_id, "Count")
    found: list[Any] = []

    def look(number: int) -> None:
        if number == 0:
            stream(api, session_id, f"?since_id={events(api, session_id)[-1]['id']}")
            return
        since = found[-1].id if found else None

        async def one(client: Everruns) -> None:
            streamed = sdk_stream(client, api, session_id, since_id=since)
            async for event in streamed:
                found.append(event)
                if event.type == (DELTA if since else "reason.started"):
                    streamed.stop()
            await streamed.aclose()

        with_sdk(api, one)

    Turns(writing(clock, look), clock).run()

    deltas = [event for event in found if event.type == DELTA]
    assert [event.data["accumulated"] for event in deltas] == WORDS[2:]
    assert deltas[-1].data["delta"] == " four"
