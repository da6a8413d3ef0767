"""An organization with lists and logs of a size, and the calls whose growth is measured."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from benchmarks.conversation import answer, question
from benchmarks.large_table import LargeTable
from benchmarks.runs.scenarios import WORKFLOW, create_run
from shared.core.ids import SessionId
from shared.sessions.documents import session_key
from tests.support.agents import new_agent, new_session, say
from tests.support.evaluations import new_session as new_evaluation_session
from tests.support.evaluations import new_turn, new_world
from tests.support.gateway import Gateway
from tests.support.node_graphs import agent, edge, failure_path, handoff, variable
from tests.support.scenarios import new_scenario
from tests.support.turns import Turns
from tests.unit.playground.conversations import open_session_on

PLAYGROUND = "/v1/workflow/playground"
#: Two nodes that ask for numbers, and no message has one: a conversation without an end.
ENDLESS: dict[str, Any] = {
    "name": "Questions",
    "entry_node_id": "ask",
    "persona": "You are brief.",
    "context_variables": [
        variable("session_id", source="system"),
        variable("opened_at", source="system"),
        variable("parcel", "int"),
        variable("order", "int"),
    ],
    "nodes": [agent("ask", "parcel"), agent("again", "order"), handoff("end", "Goodbye.")],
    "edges": [
        edge("ask", "end"),
        edge("again", "end"),
        failure_path("ask", "again"),
        failure_path("again", "ask"),
    ],
    "mock_world": {},
}
#: Entries of a page.
LIMIT = 50


@dataclass
class World:
    """One organization: ``size`` entries in each list, and ``size`` events in each log.

    ``session``, ``evaluation`` and ``playground`` are the ids of its long sessions.
    """

    size: int
    table: LargeTable
    turns: Turns
    api: Gateway = field(default_factory=Gateway)
    agent: str = ""
    version: str = ""
    session: str = ""
    evaluation: str = ""
    playground: str = ""

    def fill(self) -> None:
        """Create one entity of each kind, then the lists and logs like it."""
        self.agent = new_agent(self.api)["id"]
        self.version = new_world(self.api).version
        self.session = new_session(self.api, agent_id=self.agent)["id"]
        self.evaluation = new_evaluation_session(self.api, self.version)["id"]
        self.playground = open_session_on(self.api, ENDLESS)
        create_run(self.api, WORKFLOW, [new_scenario(self.api)["id"]])
        self.table.fill_lists(str(self.api.organization_id), self.size)
        for session, converse in (
            (self.session, self.turn),
            (self.evaluation, self.result),
            (self.playground, self.message),
        ):
            self.table.fill_log(self._partition(session), converse, self.size)

    def get(self, path: str) -> None:
        """Send a request that reads, and fail without an answer."""
        found = self.api("GET", path)
        assert found.status == 200, found.text
        assert found.json, path

    def turn(self) -> None:
        """Send a message and run its turn."""
        say(self.api, self.session, question(1))
        self.turns.run()

    def result(self) -> None:
        """Append an evaluation session's turn."""
        new_turn(self.api, self.evaluation, input=question(1), actualOutput=answer(1))

    def message(self) -> None:
        """Send a message to a workflow, which answers it."""
        body = {"message": "Could you tell me where my order is, and when it comes?"}
        sent = self.api("POST", f"{PLAYGROUND}/sessions/{self.playground}/messages", body)
        assert sent.status == 200, sent.text

    def draft(self, session: str) -> None:
        """Draft a scenario from a session."""
        body = {"session_id": str(UUID(session.removeprefix("session_")))}
        sent = self.api("POST", "/v1/scenarios/draft-from-session", body)
        assert sent.status == 200, sent.text

    def _partition(self, session: str) -> str:
        identifier = SessionId(UUID(session.removeprefix("session_")))
        return session_key(self.api.organization_id, identifier).partition


@dataclass(frozen=True, slots=True)
class Call:
    """A measured call; ``kind`` is list, page, get, append or draft."""

    kind: str
    name: str
    run: Callable[[World], Any]


def _reads(kind: str, paths: dict[str, Callable[[World], str]]) -> list[Call]:
    return [
        Call(kind, name, lambda world, path=path: world.get(path(world)))  # type: ignore[misc]  # the default binds it
        for name, path in paths.items()
    ]


SESSIONS = f"{PLAYGROUND}/sessions"
LISTS: dict[str, Callable[[World], str]] = {
    "agent sessions": lambda _: f"/v1/sessions?limit={LIMIT}",
    "agent sessions of an agent": lambda one: f"/v1/sessions?limit={LIMIT}&agent_id={one.agent}",
    "playground sessions": lambda _: f"{SESSIONS}?limit={LIMIT}",
    "evaluation sessions": lambda _: f"/sessions?limit={LIMIT}",
    "evaluation sessions of a version": lambda one: (
        f"/sessions?limit={LIMIT}&versionIds={one.version}"
    ),
    "sessions of all kinds": lambda _: f"/v1/captured-sessions?limit={LIMIT}",
    "agents": lambda _: f"/v1/agents?limit={LIMIT}",
    "workflows": lambda _: f"/v1/workflows?limit={LIMIT}",
    "catalog of workflows": lambda _: f"{PLAYGROUND}/catalog",
    "runs": lambda _: f"/v1/runs?limit={LIMIT}",
    "scenarios": lambda _: f"/v1/scenarios?limit={LIMIT}",
}
PAGES: dict[str, Callable[[World], str]] = {
    "events, newest": lambda one: f"/v1/sessions/{one.session}/events?limit={LIMIT}",
    "events, in the middle": lambda one: (
        f"/v1/sessions/{one.session}/events?limit={LIMIT}&after_sequence={one.size // 2}"
    ),
    "messages, first": lambda one: f"/v1/sessions/{one.session}/messages?limit={LIMIT}",
    "evaluation turns": lambda one: f"/inferenceResults?sessionIds={one.evaluation}&limit={LIMIT}",
}
GETS: dict[str, Callable[[World], str]] = {
    "agent session": lambda one: f"/v1/sessions/{one.session}",
    "playground session": lambda one: f"{SESSIONS}/{one.playground}",
    "evaluation session": lambda one: f"/sessions/{one.evaluation}",
    "agent": lambda one: f"/v1/agents/{one.agent}",
    "version": lambda one: f"/versions/{one.version}",
}
CALLS: tuple[Call, ...] = (
    *_reads("list", LISTS),
    *_reads("page", PAGES),
    *_reads("get", GETS),
    Call("append", "message and turn of an agent", World.turn),
    Call("append", "evaluation turn", World.result),
    Call("append", "playground message", World.message),
    Call("draft", "agent session", lambda one: one.draft(one.session)),
    Call("draft", "playground session", lambda one: one.draft(one.playground)),
    Call("draft", "evaluation session", lambda one: one.draft(one.evaluation)),
)
