"""Stream of a playground session: stored turns, and the text of the running one."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from shared.core.errors import NotFound
from shared.core.ids import session_id_in_any_form
from shared.llm.port import ModelAnswer, ModelFailed, ModelRequest, ToolCall
from shared.playground.engine.turn import messages
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.playground.speakers.model import SET_VARIABLES, ModelAgent
from shared.playground.turns import wiring
from shared.playground.turns.stream import SessionStream
from shared.sessions import live_text
from shared.sessions.waiting import Waiting
from shared.storage.table import table
from tests.support.gateway import Gateway
from tests.support.node_graphs import Part, agent, approval, edge, handoff, variable
from tests.support.snapshot import stored_items
from tests.support.sse import frames
from tests.support.storage import counted_requests, forget_process_state
from tests.support.turns import in_event_loop
from tests.unit.playground.conversations import URL, decide, open_session, open_session_on, say

WORDS = ["Which", "Which parcel", "Which parcel is it?"]


def asking(name: str, kind: str = "string", *, first: Part | None = None) -> Part:
    """Return a graph whose agent asks for one variable, behind another node if one is given."""
    nodes = [agent("ask", name), handoff("end", "A colleague takes over.")]
    return {
        "name": "Parcels",
        "entry_node_id": first["id"] if first else "ask",
        "nodes": [first, *nodes] if first else nodes,
        "edges": [edge("ask", "end")],
        "context_variables": [variable(name, kind)],
    }


GRAPH = asking("parcel")

type Streamed = list[dict[str, Any]]


def stream(api: Gateway, session: str, since: str = "") -> Streamed:
    """Return the frames of one answer: name, id and data."""
    query = f"?since_id={since}" if since else ""
    answer = api("GET", f"{URL}/{session}/sse{query}")
    assert answer.status == 200, answer.text
    blocks = [block.split("\n") for block in answer.text.split("\n\n")]
    fields = [dict(line.split(": ", 1) for line in block) for block in blocks if len(block) == 3]
    return [one | {"data": json.loads(one["data"])} for one in fields]


def beside[T](call: Callable[[], T]) -> T:
    """Call in a thread of its own: a request of another client, while one runs here."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: in_event_loop(call)).result()


class Model:
    """A model with fixed answers, the last one repeated; some are written word by word.

    ``each`` is called behind every word, as another client.
    """

    def __init__(
        self, *answers: ModelAnswer | ModelFailed, each: Callable[[int], None] | None = None
    ) -> None:
        self._answers = list(answers) or [ModelAnswer(text=WORDS[-1])]
        self._each = each

    def answer(self, request: ModelRequest) -> ModelAnswer:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if self._each is not None and request.on_text is not None:
            for number, so_far in enumerate(WORDS):
                request.on_text(so_far)
                beside(partial(self._each, number))
        if isinstance(answer, ModelFailed):
            raise answer
        return answer


@pytest.fixture
def speak(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> Callable[[Model], None]:
    """Let a model speak; every word is a look."""

    def use(model: Model) -> None:
        def speaker(log: Any, listen: Any) -> ModelAgent:
            return ModelAgent(model, "a-model", lambda: messages(log()), listen=listen)

        monkeypatch.setattr(wiring, "configured_agent", speaker)
        monkeypatch.setattr(live_text, "LOOK_INTERVAL", 0.0)
        forget_process_state()

    return use


def live_sorts() -> set[str]:
    return {sort for _, sort in stored_items() if sort.startswith("text#")}


def test_second_reader_sees_the_text_grow_and_then_the_turn(
    api: Gateway, speak: Callable[[Model], None]
) -> None:
    session = open_session_on(api, GRAPH)
    seen: Streamed = []

    def look(_: int) -> None:
        seen.extend(stream(api, session, seen[-1]["id"] if seen else ""))

    speak(Model(each=look))
    sent = frames(say(api, session, "Hello").text)
    look(0)

    live = [one["data"] for one in seen if one["data"].get("live")]
    assert live == [
        {"text": "Which parcel", "offset": 0, "live": True},
        {"text": " is it?", "offset": 12, "live": True},
    ]
    stored = [(one["event"], one["data"]) for one in seen[len(live) :]]
    assert stored == sent
    assert [one["id"] for one in seen] == sorted(one["id"] for one in seen)
    assert stream(api, session, seen[-1]["id"]) == []
    assert live_sorts() == {"text#listener"}


def test_reader_from_the_start_gets_all_turns_and_one_complete(api: Gateway) -> None:
    session = open_session(api)
    sent = [frames(say(api, session, text).text) for text in ("Hello", "NW-5581")]

    found = [(one["event"], one["data"]) for one in stream(api, session)]

    assert found == [*sent[0][:-1], *sent[1]]


def test_reader_resumes_behind_a_frame(api: Gateway) -> None:
    session = open_session(api)
    say(api, session, "Hello")
    seen = stream(api, session)
    sent = frames(say(api, session, "NW-5581").text)

    assert [(o["event"], o["data"]) for o in stream(api, session, seen[-1]["id"])] == sent
    headers = {"Last-Event-ID": seen[-1]["id"]}
    answer = api("GET", f"{URL}/{session}/sse?since_id={seen[0]['id']}", headers=headers)
    assert frames(answer.text)[1:] == sent


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("{session}/sse?since_id=7", 422),
        ("{session}/sse?since_id={other}", 400),
        ("{session}/sse?nonsense=1", 422),
        ("nonsense/sse", 404),
        ("01a20000-0000-7000-8000-000000000001/sse", 404),
    ],
)
def test_invalid_position_is_refused(api: Gateway, path: str, status: int) -> None:
    other = open_session(api)
    say(api, other, "Hello")
    known = stream(api, other)[0]["id"]

    assert api("GET", f"{URL}/{path.format(session=open_session(api), other=known)}").status == (
        status
    )


def test_stream_of_another_organization_is_not_found(api: Gateway, other_api: Gateway) -> None:
    assert other_api("GET", f"{URL}/{open_session(api)}/sse").status == 404


def test_text_of_an_answer_that_fails_is_gone(api: Gateway, speak: Callable[[Model], None]) -> None:
    session = open_session_on(api, GRAPH)
    seen: Streamed = []

    def look(_: int) -> None:
        seen.extend(stream(api, session, seen[-1]["id"] if seen else ""))

    speak(Model(ModelFailed("The model is down.", retryable=True), each=look))
    assert frames(say(api, session, "Hello").text)[-1][0] == "error"

    assert len(seen) == 2
    assert live_sorts() == {"text#listener"}
    assert stream(api, session) == []


def test_each_model_call_of_a_turn_begins_its_text_anew(
    api: Gateway, speak: Callable[[Model], None]
) -> None:
    """The first answer's value is refused, so the model is asked again."""
    session = open_session_on(api, asking("pieces", "int"))
    seen: Streamed = []

    def look(_: int) -> None:
        seen.extend(stream(api, session, seen[-1]["id"] if seen else ""))

    refused = ToolCall("t1", SET_VARIABLES, {"pieces": "two"})
    refuses = ModelAnswer(text="", tool_calls=(refused,))
    speak(Model(refuses, ModelAnswer(text=WORDS[-1]), each=look))
    say(api, session, "Hello")

    assert [one["data"]["offset"] for one in seen] == [0, 12, 0, 5, 12]


def test_turn_without_a_listener_costs_one_read_a_look(
    api: Gateway, speak: Callable[[Model], None]
) -> None:
    costs = []
    for model in (Model(), Model(each=lambda _: None)):
        session = open_session_on(api, GRAPH)
        speak(model)
        with counted_requests() as counts:
            say(api, session, "Hello")
        costs.append(counts)
    plain, streamed = costs

    assert streamed - plain == {"BatchGetItem": len(WORDS)}
    assert live_sorts() == set()


@pytest.mark.parametrize("way", ["another turn", "delete"])
def test_turn_that_comes_too_late_stops_its_model(
    api: Gateway, speak: Callable[[Model], None], way: str
) -> None:
    session = open_session_on(api, GRAPH)
    looked: list[int] = []

    def look(number: int) -> None:
        looked.append(number)
        if len(looked) > 1:
            return
        if way == "delete":
            assert api("DELETE", f"{URL}/{session}").status == 204
        else:
            assert say(api, session, "Hello too").status == 200

    speak(Model(each=look))

    answer = say(api, session, "Hello")

    # The other turn's model writes all its words.
    assert looked == ([0] if way == "delete" else [0, *range(len(WORDS))])
    assert answer.status == (404 if way == "delete" else 409)


def test_turn_of_a_decision_is_seen_too(api: Gateway, speak: Callable[[Model], None]) -> None:
    check = approval("check", on_approve="ask", on_deny="end")
    session = open_session_on(api, asking("parcel", first=check))
    say(api, session, "Hello")
    seen = stream(api, session)

    def look(_: int) -> None:
        seen.extend(stream(api, session, seen[-1]["id"]))

    speak(Model(each=look))
    decide(api, session, "approve")

    assert [one["data"]["text"] for one in seen[-2:]] == ["Which parcel", " is it?"]
    assert live_sorts() == {"text#listener"}


def test_stream_waits_for_the_next_turn(api: Gateway) -> None:
    session = open_session(api)
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        if 3 <= now < 4:
            say(api, session, "Hello")

    waiting = Waiting(seconds=20, sleep=sleep, monotonic=lambda: now)
    found = SessionStream(PlaygroundSessionRepository(table()), waiting)
    identifier = session_id_in_any_form(session)

    assert found.read(api.organization_id, identifier, None)[-1].name == "complete"
    assert now < 4.5

    api("DELETE", f"{URL}/{session}")
    with pytest.raises(NotFound):
        found.read(api.organization_id, identifier, None)
