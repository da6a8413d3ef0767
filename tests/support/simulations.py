"""Simulations in this process: a scripted target, a queue with redelivery, and the engine."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID, uuid4

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId
from shared.runs.checks.domain import CheckResult
from shared.runs.runs.domain import Run, RunSpec
from shared.runs.runs.reading import RunReader
from shared.runs.runs.repository import RunRepository
from shared.runs.runs.scoring import read_scores
from shared.runs.runs.service import NewRun, RunInputs, RunService
from shared.runs.runs.starting import RunStarter
from shared.runs.runs.sweep import RunSweep
from shared.runs.simulations.domain import Simulation
from shared.runs.simulations.ports import SimulationPorts
from shared.runs.simulations.queue import SimulationQueue, Step
from shared.runs.simulations.repository import SimulationRepository
from shared.runs.simulations.steps import SimulationSteps
from shared.runs.simulations.work import SimulationWork
from shared.sessions.recorded_worlds.repository import WorldRepository
from shared.simulation.conversation import Conversation, Said
from shared.simulation.judging.domain import CriterionResult, JudgedCriterion, Judgement, Outcome
from shared.simulation.scenario import SimulatedPersona, SimulatedScenario
from shared.simulation.target import SimulatedSession, TargetAnswer, TargetFailed
from shared.simulation.users.domain import SCRIPT_ENDED, UserBrief, UserMessage
from shared.storage.table import Table


class Killed(BaseException):
    """End of a function at any point, as by its timeout."""


@dataclass
class ScriptedTarget:
    """Target that repeats the user's words; each turn is carried out once.

    ``fails`` returns the failure of a session's turn, or None. With ``later`` an answer is there
    once :meth:`complete` was called.
    """

    fails: Callable[[SimulatedSession, int], TargetFailed | None] = lambda *_: None
    later: bool = False
    opened: Counter[UUID] = field(default_factory=Counter)
    turns: dict[tuple[UUID, int], str] = field(default_factory=dict)
    answered: set[tuple[UUID, int]] = field(default_factory=set)
    stopped: Counter[UUID] = field(default_factory=Counter)

    def open(self, session: SimulatedSession) -> None:
        if failure := self.fails(session, 0):
            raise failure
        self.opened[session.session_id] += 1

    def send(self, session: SimulatedSession, turn: int, message: str) -> TargetAnswer | None:
        if failure := self.fails(session, turn):
            raise failure
        assert self.opened[session.session_id]
        known = self.turns.setdefault((session.session_id, turn), message)
        assert known == message, "a turn was sent twice with another message"
        if not self.later:
            self.answered.add((session.session_id, turn))
        return self.answer(session, turn)

    def answer(self, session: SimulatedSession, turn: int) -> TargetAnswer | None:
        if (session.session_id, turn) not in self.answered:
            return None
        text = f"You said: {self.turns[session.session_id, turn]}"
        return TargetAnswer(text=text, seconds=0.5, input_tokens=10, output_tokens=5, tool_calls=1)

    def read(self, session: SimulatedSession) -> Conversation:
        said: list[Said] = []
        for turn in count(1):
            key = session.session_id, turn
            if key not in self.turns:
                break
            said.append(Said("user", self.turns[key], 2 * turn - 1))
            if key in self.answered:
                said.append(Said("agent", f"You said: {self.turns[key]}", 2 * turn))
        return Conversation(entries=tuple(said))

    def stop(self, session: SimulatedSession) -> None:
        self.stopped[session.session_id] += 1


class ScriptedUser:
    """User who says the recorded turns one after the other."""

    version = "test"
    is_deterministic = True

    def next_message(self, brief: UserBrief, conversation: Conversation) -> UserMessage:
        said = sum(one.role == "user" for one in conversation.entries if isinstance(one, Said))
        turns = brief.recorded_turns or (brief.intent,)
        if said >= len(turns):
            return UserMessage("", SCRIPT_ENDED)
        return UserMessage(turns[said])


@dataclass
class StoredScenarios:
    """Scenarios in memory."""

    scenarios: dict[UUID, SimulatedScenario] = field(default_factory=dict)
    tags: dict[UUID, set[str]] = field(default_factory=dict)

    def add(self, *tags: str, **fields: Any) -> UUID:
        given: dict[str, Any] = {
            "name": "Refund",
            "intent": "Money back",
            "recorded_turns": ("Hello", "Bye"),
        }
        scenario = SimulatedScenario(id=uuid4(), **(given | fields))
        self.scenarios[scenario.id] = scenario
        self.tags[scenario.id] = set(tags)
        return scenario.id

    def missing(self, organization_id: OrganizationId, ids: Sequence[UUID]) -> list[UUID]:
        return [one for one in ids if one not in self.scenarios]

    def tagged(
        self,
        organization_id: OrganizationId,
        tags: Sequence[str],
        most: int,
    ) -> list[UUID]:
        return [one for one, its in self.tags.items() if its.issuperset(tags)][:most]

    def read(self, organization_id: OrganizationId, scenario_id: UUID) -> SimulatedScenario:
        if scenario_id not in self.scenarios:
            raise NotFound("Scenario not found")
        return self.scenarios[scenario_id]


@dataclass
class StoredPersonas:
    """Personas in memory."""

    personas: dict[UUID, SimulatedPersona] = field(default_factory=dict)

    def find(
        self,
        organization_id: OrganizationId,
        ids: Iterable[UUID],
    ) -> dict[UUID, SimulatedPersona]:
        return {one: self.personas[one] for one in ids if one in self.personas}


@dataclass(frozen=True)
class Judging:
    """Judge with one judgement for all criteria."""

    outcome: Outcome = Outcome.PASSED

    def judge(
        self,
        criteria: tuple[JudgedCriterion, ...],
        conversation: Conversation,
    ) -> Judgement:
        return Judgement(
            results=tuple(
                CriterionResult(
                    description=one.description,
                    scale=one.scale,
                    outcome=self.outcome,
                    score=1,
                    reason="as told",
                )
                for one in criteria
            )
        )


def check_words(checks: Sequence[dict[str, Any]], conversation: Conversation) -> list[CheckResult]:
    """Evaluate checks of the form ``{"says": text}``."""
    said = [one for one in conversation.entries if isinstance(one, Said)]
    return [
        CheckResult(
            check=one,
            outcome=Outcome.PASSED
            if any(one["says"] in each.text for each in said)
            else Outcome.FAILED,
            reason=f"{one['says']} was not said",
            sequence=len(said),
        )
        for one in checks
    ]


class Queue(SimulationQueue):
    """Queue in memory; a message is removed once its step has ended."""

    def __init__(self) -> None:
        self.messages: deque[tuple[Step, int]] = deque()
        self.sent = 0

    def send(self, steps: Sequence[Step]) -> None:
        self.sent += len(steps)
        self.messages.extend((one, 1) for one in steps)


class Engine:
    """Runs of one organization with a scripted target, step by step."""

    def __init__(self, table: Table, *, limit: int = 50, target: Any = None) -> None:
        self.organization_id = OrganizationId(uuid4())
        self.now = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
        self.target: Any = target or ScriptedTarget()
        self.scenarios = StoredScenarios()
        self.personas = StoredPersonas()
        self.judge: Any = Judging()
        self.user: Any = ScriptedUser()
        self.queue = Queue()
        self.failures: list[BaseException] = []
        self.runs = RunRepository(table, self.clock)
        self.simulations = SimulationRepository(table, self.clock)
        self.reader = RunReader(self.runs, self.simulations)
        self.starter = RunStarter(
            self.runs, self.queue, limit,
            lambda run: read_scores(run, self.simulations), self.clock,
        )  # fmt: skip
        self.service = RunService(self.runs, self.reader, self.starter, self.clock)
        self.sweep = RunSweep(self.runs, self.simulations, self.starter, self.clock)
        self.ports = SimulationPorts(
            scenarios=self.scenarios,
            personas=self.personas,
            worlds=WorldRepository(table),
            target=lambda _: self.target,
            relayed=lambda: self.target,
            user=lambda _: self.user,
            judge=lambda model: self.judge if model else None,
            check=check_words,
            clock=self.clock,
        )
        work = SimulationWork(self.runs, self.simulations, self.starter, self.clock)
        self.steps = SimulationSteps(work, self.ports)

    def clock(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def create(self, scenario_ids: Sequence[UUID], **fields: Any) -> Run:
        """Create a run of scenarios with a scripted target."""
        given: dict[str, Any] = {
            "name": "Run",
            "target": {"relay": False},
            "scenario_count": 0,
        } | fields
        new = NewRun(spec=RunSpec(**given), scenario_ids=tuple(scenario_ids))
        return self.service.create(self.organization_id, "key", new, self.inputs).entity

    @property
    def inputs(self) -> RunInputs:
        return RunInputs(self.scenarios, self.personas, lambda *_: None)

    def step(self, *, redeliver: bool = False) -> None:
        """Handle the next message; one whose step raises is delivered again."""
        step, attempt = self.queue.messages.popleft()
        try:
            self.steps.run(step, attempt)
        except (Exception, Killed) as error:
            self.failures.append(error)
            self.queue.messages.append((step, attempt + 1))
            return
        if redeliver:
            self.queue.messages.append((step, attempt + 1))

    def run_all(self, *, most: int = 10_000, chaos: Random | None = None) -> int:
        """Handle messages until none is left; return how many. Some are delivered twice."""
        handled = 0
        while self.queue.messages:
            assert handled < most, "the queue does not end"
            self.step(redeliver=chaos is not None and chaos.random() < 0.05)
            handled += 1
        return handled

    def read(self, run: Run) -> Run:
        return self.runs.get(self.organization_id, run.id)

    def all_results(self, run: Run) -> list[Simulation]:
        """Return the simulations of a run that have begun."""
        total = run.spec.simulations
        return self.simulations.results(self.organization_id, run.id, None, total, below=total)
