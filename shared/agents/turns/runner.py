"""Turn runner: runs the next turn of a session, in the slot that the session holds.

A run continues from the end of the log, whatever run wrote it. A queue message that is
delivered again either finds its turn ended, and at most begins the next; or finds the turn that
a run which is gone began for it, and continues after that run's last write.
"""

import secrets
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from datetime import datetime

from shared.agents.admission.domain import Slot, SlotLost, Start
from shared.agents.sessions.domain import AgentSession, Turn
from shared.agents.turns.context import TurnContext
from shared.agents.turns.log_window import LogWindow
from shared.agents.turns.run_slot import RunSlot
from shared.agents.turns.states import (
    Change,
    LostTurn,
    begin,
    expire,
    has_just_begun,
    is_stale,
    take_over,
)
from shared.agents.turns.stream_attributes import FAILED, of_simulation
from shared.agents.turns.turn_run import TurnRun
from shared.core.clock import timestamp
from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.core.observability import logger
from shared.sessions.appending import Also, StreamAttributes
from shared.storage.contention import ConditionFailed
from shared.storage.repository import Loaded


@dataclass(slots=True)
class SessionRun:
    """One run: at most one turn of a session.

    Attributes
    ----------
    slot
        The slot of the session as the queue message names it.
    cause
        Id of the queue message that started the run; the same when it is delivered again.
    runner
        Unique id of the run.
    """

    context: TurnContext
    slot: InitVar[Slot]
    cause: str
    runner: str = field(default_factory=lambda: secrets.token_hex(8))
    organization_id: OrganizationId = field(init=False)
    session_id: SessionId = field(init=False)
    _slot: RunSlot = field(init=False)
    _log: LogWindow = field(init=False)
    _began: datetime = field(init=False)

    def __post_init__(self, slot: Slot) -> None:
        self.organization_id = slot.organization_id
        self.session_id = slot.session_id
        self._slot = RunSlot(self.context.admission, slot, self.cause)

    def run(self) -> None:
        """Run the next turn of the session, if one waits, and release the slot.

        A turn that a run of the same queue message began is taken over; one of another message
        is left to it. The end of a turn starts the next one through the stream.
        """
        details = {"session_id": str(self.session_id)}
        is_lost = False
        try:
            self._run_next()
        except LostTurn:
            logger.info("turn belongs to another run", extra=details)
            is_lost = True
        except NotFound:
            logger.info("session was deleted", extra=details)
        self._slot.release(is_lost=is_lost)

    def _run_next(self) -> None:
        loaded, agent = self.context.load(self._slot.slot)
        self._log = LogWindow(self.context.sessions.table, loaded.entity)
        now = self._began = self.context.clock()
        if is_stale(loaded.entity, now, self.context.timeout):
            loaded = self._expire(loaded, now)
        if not loaded.entity.has_work:
            return
        try:
            claimed = self._claim(loaded, now)
            self._turn.run(claimed, agent)
        except SlotLost:
            logger.info("slot was lost", extra={"session_id": str(self.session_id)})
            since = timestamp(loaded.entity.waiting_since or now)
            start = Start(self.organization_id, self.session_id, since)
            self.context.admission.admit(self.organization_id, [start], self.cause)

    @property
    def _turn(self) -> TurnRun:
        return TurnRun(
            context=self.context,
            organization_id=self.organization_id,
            session_id=self.session_id,
            log=self._log,
            slot=self._slot,
            append=self._append,
            take_over=self._take_over,
            began=self._began,
        )

    def _claim(self, loaded: Loaded[AgentSession], now: datetime) -> Loaded[AgentSession]:
        """Begin the next turn, or take over the one that a run of the same message began.

        The same write takes the slot, so that no turn begins without one. A turn that has just
        begun with its message has its slot: it is claimed by its next write. Raises ``SlotLost``.
        """
        self._log.refresh(loaded.entity)
        turn = loaded.entity.turn
        if turn is not None and turn.cause == self._slot.slot.name and has_just_begun(turn, now):
            self._slot.is_freed_with_turn = True
            return loaded
        if turn is None:
            message = self._log.next_input(loaded.entity.answered_through)

            def claim(session: AgentSession) -> Change:
                return begin(session, message, runner=self.runner, cause=self.cause, now=now)

            return self._take_slot(loaded, claim)
        if turn.runner and turn.cause != self.cause:
            raise LostTurn
        return self._take_over(loaded, turn)

    def _take_over(self, loaded: Loaded[AgentSession], turn: Turn) -> Loaded[AgentSession]:
        """Claim a turn that another run, or its message, began. Raises ``SlotLost``.

        The time of a turn counts from its first run, not from its message.
        """
        started = None if turn.runner or turn.iterations else self._began

        def claim(session: AgentSession) -> Change:
            now = self.context.clock()
            return take_over(session, turn, self.runner, now, cause=self.cause, started=started)

        return self._take_slot(loaded, claim)

    def _take_slot(
        self, loaded: Loaded[AgentSession], claim: Callable[[AgentSession], Change]
    ) -> Loaded[AgentSession]:
        claimed = self._append(
            loaded,
            claim,
            also=lambda *_: self._slot.occupying(),
            on_condition_failed=self._slot.follow,
        )
        self._slot.occupied()
        self._log.refresh(claimed.entity)  # results of the client may have come meanwhile
        return claimed

    def _expire(self, loaded: Loaded[AgentSession], now: datetime) -> Loaded[AgentSession]:
        timeout = self.context.timeout
        return self._append(
            loaded, lambda s: expire(s, now, timeout), lambda s: FAILED | of_simulation(s)
        )

    def _append(
        self,
        loaded: Loaded[AgentSession],
        change: Callable[[AgentSession], Change],
        stream_attributes: StreamAttributes[AgentSession] | None = None,
        also: Also[AgentSession] = (),
        on_condition_failed: Callable[[ConditionFailed], None] = lambda _: None,
    ) -> Loaded[AgentSession]:
        appended = self.context.sessions.append(
            self.organization_id,
            self.session_id,
            change,
            loaded=loaded,
            stream_attributes=stream_attributes,
            also=also,
            on_condition_failed=on_condition_failed,
        )
        self._log.add(appended.events)
        assert appended.loaded is not None  # noqa: S101  # only a replay, under a key, has none
        return appended.loaded
