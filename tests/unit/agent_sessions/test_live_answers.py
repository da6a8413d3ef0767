"""Live answers: the text of a running turn in the stream of its session, and its cancel."""

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
from shared.core.ids import EventId, SessionId
from shared.llm.port import ModelAnswer, ModelRequest
from shared.sessions import live_text
from shared.sessions.documents import session_key
from shared.sessions.waiting import Waiting
from shared.storage.records import Key
from shared.storage.table import Table, table
from tests.support.agents import new_session, say
from tests.support.everruns import sdk_stream, with_sdk
from tests.support.gateway import Gateway
from tests.support.snapshot import stored_items
from tests.support.storage import counted_requests
from tests.support.turns import Clock, Model, Turns, answer_texts, call, events, text, types
from tests.unit.agent_sessions.test_event_stream import parse_stream

DELTA = "output.message.delta"
WORDS = ["One", "One two", "One two three", "One two three four"]

type Frames = list[dict[str, Any]]


def stream(api: Gateway, session_id: str, query: str = "") -> Frames:
    """Return the events of one answer of the stream."""
    frames = parse_stream(api("GET", f"/v1/sessions/{session_id}/sse{query}"))
    return [one["data"] for one in frames if "id" in one]


def writing(clock: Clock, each: Callable[[int], None], *words: str) -> Model:
    """Return a model that writes for two seconds a text, and then calls ``each``."""

    def write(request: ModelRequest) -> ModelAnswer:
        assert request.on_text is not None
        for number, so_far in enumerate(words or WORDS):
            clock.forward(2)
            request.on_text(so_far)
            each(number)
        return text((words or WORDS)[-1])

    return Model(write)


def live_items(session_id: str) -> dict[str, Any]:
    """Return the items beside log and session, by sort key."""
    return {
        sort: item
        for (partition, sort), item in stored_items().items()
        if partition.endswith(session_id.removeprefix("session_")) and sort.startswith("text#")
    }


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_stream_has_the_text_as_it_grows_and_the_log_has_none(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    last_id = ""
    seen: Frames = []

    def look(_: int) -> None:
        nonlocal last_id
        query = f"?since_id={last_id}" if last_id else ""
        for event in stream(api, session_id, query):
            seen.append(event)
            last_id = event["id"]

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()
    look(0)

    deltas = [event for event in seen if event["type"] == DELTA]
    # The first look found events; the second registered the listener.
    assert [one["data"]["delta"] for one in deltas] == ["One two three", " four"]
    assert [one["data"]["accumulated"] for one in deltas] == WORDS[2:]
    assert [one for one in seen if one["type"] != DELTA] == events(api, session_id)
    assert [one["id"] for one in seen] == sorted({one["id"] for one in seen})
    assert DELTA not in types(api, session_id)
    assert "text#live" not in live_items(session_id)


def test_delta_is_a_complete_event_behind_the_last_one(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    found: Frames = []
    since = ""

    def look(number: int) -> None:
        nonlocal since
        since = since or events(api, session_id)[-1]["id"]
        found.extend(stream(api, session_id, f"?since_id={since}"))

    said = say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    last = events(api, session_id, f"?around={since}&window=1")[1]
    assert last["id"] == since
    assert set(last) == set(found[0])
    assert found[0]["sequence"] == last["sequence"]
    assert found[0]["context"] == last["context"]
    assert found[0]["context"]["input_message_id"] == said["id"]
    assert found[0]["data"]["turn_id"] == last["data"]["turn_id"]


def test_delta_ids_are_accepted_wherever_an_event_id_is(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    deltas: Frames = []

    def look(_: int) -> None:
        last = events(api, session_id)[-1]["id"]
        deltas.extend(stream(api, session_id, f"?since_id={last}"))

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()
    log = events(api, session_id)
    behind = [one for one in log if one["sequence"] > deltas[-1]["sequence"]]

    identifier = deltas[-1]["id"]
    assert events(api, session_id, f"?since_id={identifier}") == behind
    assert stream(api, session_id, f"?since_id={identifier}") == behind
    other = new_session(api)["id"]
    assert api("GET", f"/v1/sessions/{other}/sse?since_id={identifier}").status == 400
    assert EventId.parse(identifier).uuid.version == 8


def test_message_during_a_turn_does_not_repeat_the_text(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    """The answer with the message's event ends in an id that still has the offset."""
    seen: Frames = []

    def read() -> None:
        last = seen[-1]["id"] if seen else events(api, session_id)[-1]["id"]
        seen.extend(stream(api, session_id, f"?since_id={last}"))

    def look(number: int) -> None:
        read()
        if number == 2 and len(seen) == 2:
            say(api, session_id, "And five?")
            read()

    say(api, session_id, "Count")
    turns = Turns(writing(clock, look), clock)
    turns.deliver(*turns.triggers()[:1])

    assert [(one["type"], one["data"].get("delta")) for one in seen[:5]] == [
        (DELTA, "One two"),
        (DELTA, " three"),
        ("input.message", None),
        (DELTA, ""),
        (DELTA, " four"),
    ]
    assert [one["id"] for one in seen] == sorted({one["id"] for one in seen})


def test_unseen_text_of_a_second_model_call_begins_at_its_start(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    seen: Frames = []

    def look(_: int) -> None:
        last = seen[-1]["id"] if seen else events(api, session_id)[-1]["id"]
        seen.extend(stream(api, session_id, f"?since_id={last}"))

    first, second = (writing(clock, look, *words) for words in (["A", "Abc"], ["X", "Xyz"]))

    def calls(request: ModelRequest) -> ModelAnswer:
        first.answer(request)
        return call("current_time", "Abc")

    say(api, session_id, "Count")
    Turns(Model(calls, second.answer), clock).run()

    assert [one["data"]["delta"] for one in seen if one["type"] == DELTA] == ["Abc", "X", "yz"]


def test_run_that_takes_a_turn_over_starts_the_text_anew(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    seen: Frames = []

    def look(_: int) -> None:
        last = seen[-1]["id"] if seen else events(api, session_id)[-1]["id"]
        seen.extend(stream(api, session_id, f"?since_id={last}"))

    def dies(number: int) -> None:
        look(number)
        if number == 1:
            raise SystemExit

    say(api, session_id, "Count")
    turns = Turns(writing(clock, dies, "Old", "Old text"), clock)
    entries = turns.triggers()
    with pytest.raises(SystemExit):
        turns.deliver(*entries)
    turns.context = Turns(writing(clock, look, "New", "New text"), clock).context
    turns.deliver(*entries)

    deltas = [one for one in seen if one["type"] == DELTA]
    assert [one["data"]["delta"] for one in deltas] == ["Old text", "New", " text"]
    assert len({one["id"] for one in deltas}) == 3


def test_excluded_deltas_leave_no_listener(api: Gateway, session_id: str, clock: Clock) -> None:
    def look(_: int) -> None:
        for query in (f"?exclude={DELTA}", "?types=turn.failed"):
            assert DELTA not in [one["type"] for one in stream(api, session_id, query)]

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    assert live_items(session_id) == {}


def test_two_listeners_see_the_same_text(api: Gateway, session_id: str, clock: Clock) -> None:
    seen: list[tuple[Frames, Frames]] = []

    def look(_: int) -> None:
        query = f"?since_id={events(api, session_id)[-1]['id']}"
        seen.append((stream(api, session_id, query), stream(api, session_id, query)))

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    assert all(one == other for one, other in seen)
    assert [len(one) for one, _ in seen] == [0, 1, 1, 1]


# ------------------------------------------------------------------------------- cost
def test_turn_without_a_listener_writes_no_text(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    costs = []
    for model in (Model(text(WORDS[-1])), writing(clock, lambda _: None)):
        say(api, session_id, "Count")
        with counted_requests() as counts:
            Turns(model, clock).run()
        costs.append(counts)
    plain, streamed = costs

    assert streamed - plain == {"BatchGetItem": len(WORDS)}
    assert live_items(session_id) == {}


def test_answer_within_a_second_costs_no_request_more(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    def write(request: ModelRequest) -> ModelAnswer:
        assert request.on_text is not None
        for words in WORDS:
            clock.forward(0.2)
            request.on_text(words)
        return text(WORDS[-1])

    costs = []
    for model in (Model(text(WORDS[-1])), Model(write)):
        say(api, session_id, "Count")
        stream(api, session_id)
        with counted_requests() as counts:
            Turns(model, clock).run()
        costs.append(counts)

    assert costs[0] == costs[1]


def test_long_text_is_written_less_often(api: Gateway, session_id: str, clock: Clock) -> None:
    page = "word " * 8_000  # 40 KB: a write each five seconds
    written: list[str] = []

    def look(_: int) -> None:
        stream(api, session_id, f"?since_id={events(api, session_id)[-1]['id']}")
        if "text#live" in (items := live_items(session_id)):
            written.append(items["text#live"]["body"]["S"])

    say(api, session_id, "Count")
    Turns(writing(clock, look, *(page + str(n) for n in range(10))), clock).run()

    assert 3 <= len(set(written)) <= 4


def test_text_beyond_the_limit_is_not_written(
    api: Gateway, session_id: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_text, "MAX_BYTES", 8)
    seen: Frames = []

    def look(_: int) -> None:
        query = f"?since_id={events(api, session_id)[-1]['id']}"
        seen.extend(stream(api, session_id, query))

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    assert {one["data"]["accumulated"] for one in seen} == {"One two"}
    assert answer_texts(api, session_id) == [WORDS[-1]]


@pytest.mark.parametrize("request_of_table", ["get_many", "put", "delete"])
def test_failing_table_does_not_fail_the_turn(
    api: Gateway,
    session_id: str,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    request_of_table: str,
) -> None:
    failed: list[int] = []
    request = getattr(Table, request_of_table)

    def throttled(table: Table, what: Any, **options: Any) -> Any:
        if isinstance(what, Key) and what.partition.endswith("#turns"):
            return request(table, what, **options)  # of the turn's slot
        failed.append(1)
        raise Throttled("The service is receiving too many requests; retry shortly.")

    def look(number: int) -> None:
        if number == 0:
            stream(api, session_id, f"?since_id={events(api, session_id)[-1]['id']}")
            monkeypatch.setattr(Table, request_of_table, throttled)

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    assert failed
    assert answer_texts(api, session_id) == [WORDS[-1]]


# ----------------------------------------------------------------------------- cancel
@pytest.mark.parametrize("way", ["cancel", "delete"])
def test_cancel_and_delete_stop_the_models_stream(
    api: Gateway, session_id: str, clock: Clock, way: str
) -> None:
    written: list[int] = []

    def look(number: int) -> None:
        written.append(number)
        if number < 2:
            stream(api, session_id, f"?since_id={events(api, session_id)[-1]['id']}")
        elif way == "cancel":
            assert api("POST", f"/v1/sessions/{session_id}/cancel", {}).status == 200
        else:
            assert api("DELETE", f"/v1/sessions/{session_id}").status == 204

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    assert written == [0, 1, 2]
    assert "text#live" not in live_items(session_id)
    if way == "cancel":
        assert types(api, session_id)[-2:] == ["turn.cancelled", "session.idled"]
        assert answer_texts(api, session_id) == []


def test_older_copy_of_the_session_does_not_stop_the_turn(
    api: Gateway, session_id: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An eventually consistent read may return the session as it was before the turn."""
    say(api, session_id, "Count")
    key = session_key(api.organization_id, SessionId.parse(session_id))
    before = table().get(key)
    looks: list[int] = []

    def older(*_: Any, **__: Any) -> Any:
        looks.append(1)
        return {key: before}

    monkeypatch.setattr(Table, "get_many", older)
    Turns(writing(clock, lambda _: None), clock).run()

    assert len(looks) == len(WORDS)
    assert answer_texts(api, session_id) == [WORDS[-1]]


# ---------------------------------------------------------------------------- waiting
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

    assert [event.type for event in page.events] == ["input.message"]
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

    page = wait.read(api, session_id, after_sequence=1)

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
        Wait(20).read(api, session_id, after_sequence=1)

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
