"""Tool result service: store the results of tools that the client runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from shared.agents.event_types import ACT_COMPLETED, TOOL_COMPLETED
from shared.agents.limits import size
from shared.agents.messages.documents import result_from_parts, result_parts
from shared.agents.sessions.domain import AgentSession, SessionStatus
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.turns.events import CallStatus
from shared.agents.turns.log_window import MAX_BYTES, MAX_ITEMS
from shared.agents.turns.open_calls import ClientResult, store_client_results
from shared.agents.turns.states import INTERRUPTED_CALL, Change, LostTurn
from shared.agents.turns.stream_attributes import starts_turn
from shared.agents.turns.supervisor import TurnSupervisor
from shared.core.clock import Clock, system_clock
from shared.core.errors import Busy, Conflict, InvalidInput, NotFound, TooLarge
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import dumps
from shared.sessions.log_reading import newest_events
from shared.sessions.store import Appended
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Loaded

#: Bytes of one result as JSON, at most (the Everruns API).
MAX_RESULT_BYTES = 100 * 1024
#: Statuses of calls that ended without a result.
_ENDED = (CallStatus.TIMEOUT, CallStatus.CANCELLED)
#: Appends of one request: calls may get results of others meanwhile.
_MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class SubmittedResults:
    """Number of results that are stored, and the session's status after them."""

    accepted: int
    status: SessionStatus
    replayed: bool = False


class _CallsNotOpen(Conflict):
    """Results of calls of which at least one is not open."""


class ToolResultService:
    """Use cases of tool results."""

    def __init__(
        self,
        repository: AgentSessionRepository,
        supervisor: TurnSupervisor,
        clock: Clock = system_clock,
    ) -> None:
        self._repository = repository
        self._supervisor = supervisor
        self._clock = clock

    def submit(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        results: Sequence[ClientResult],
        idempotency: Idempotency | None = None,
    ) -> SubmittedResults:
        """Store results of open calls; the last one of a round continues the turn.

        One read, one transaction; a repeated result is compared with the newest part of the
        log, and changes nothing. Raises ``NotFound``, ``TooLarge``, ``InvalidInput`` for two
        results of one call or a call that is unknown to the waiting turn, and ``Conflict`` for
        calls that have another result or wait for none any more.
        """
        _check(results)
        loaded = self._load(organization_id, session_id)
        left: Sequence[ClientResult] = results
        for _ in range(_MAX_ATTEMPTS):
            try:
                appended = self._repository.append(
                    organization_id,
                    session_id,
                    partial(self._store, results=left),
                    idempotency=idempotency,
                    stream_attributes=_attributes,
                    loaded=loaded,
                )
            except _CallsNotOpen:
                loaded = self._repository.load(organization_id, session_id)
                left = self._open_results(loaded, results)
                if not left:
                    return SubmittedResults(len(results), loaded.entity.status)
                continue
            return SubmittedResults(len(results), _status(appended), appended.replayed)
        raise Busy

    def _store(self, session: AgentSession, *, results: Sequence[ClientResult]) -> Change:
        try:
            return store_client_results(session, results, self._clock())
        except LostTurn as lost:
            raise _CallsNotOpen("") from lost

    def _load(
        self, organization_id: OrganizationId, session_id: SessionId
    ) -> Loaded[AgentSession] | None:
        try:
            loaded = self._repository.load(organization_id, session_id)
        except NotFound:
            return None  # the append tells a repeated request from a first one
        return self._supervisor.expire_if_stale(loaded)

    def _open_results(
        self, loaded: Loaded[AgentSession], results: Sequence[ClientResult]
    ) -> list[ClientResult]:
        """Return the results whose calls are open; the others must be stored already.

        Raises ``InvalidInput`` and ``Conflict``.
        """
        session = loaded.entity
        calls = session.turn.open_calls if session.turn else ()
        open_ids = {call.id for call in calls if not call.is_remote}
        completed = self._completed_calls(loaded)
        for one in results:
            if one.call_id not in open_ids:
                _check_stored(session, one, completed.get(one.call_id))
        return [one for one in results if one.call_id in open_ids]

    def _completed_calls(self, loaded: Loaded[AgentSession]) -> dict[str, dict[str, Any]]:
        """Return the data of the newest completed calls, by the calls' ids."""
        events = newest_events(
            self._repository.table,
            loaded.entity,
            last=loaded.entity.last_sequence,
            max_items=MAX_ITEMS,
            max_bytes=MAX_BYTES,
        )
        return {
            event.data["tool_call_id"]: event.data
            for event in events
            if event.type == TOOL_COMPLETED
        }


def _status(appended: Appended[AgentSession]) -> SessionStatus:
    """Return the status after an append; of a replay, as its events tell it."""
    if not appended.replayed:
        return appended.session.status
    goes_on = any(event.type == ACT_COMPLETED for event in appended.events)
    return SessionStatus.ACTIVE if goes_on else SessionStatus.WAITING


def _attributes(session: AgentSession) -> dict[str, str]:
    goes_on = session.turn is not None and not session.turn.open_calls
    return starts_turn(session) if goes_on else {}


def _check(results: Iterable[ClientResult]) -> None:
    ids: set[str] = set()
    for one in results:
        if one.call_id in ids:
            raise InvalidInput("tool_results: must have at most one result for each call.")
        ids.add(one.call_id)
        if size(dumps(one.result)) > MAX_RESULT_BYTES:
            raise TooLarge(f"result: must not exceed {MAX_RESULT_BYTES // 1024} KiB.")


def _check_stored(
    session: AgentSession, given: ClientResult, stored: dict[str, Any] | None
) -> None:
    """Check that a result repeats a stored one. Raises ``InvalidInput`` and ``Conflict``."""
    if stored is None:
        raise _unknown_call(session)
    if stored["status"] in _ENDED or stored.get("error") == INTERRUPTED_CALL:
        raise Conflict(f"tool_call_id: the call has ended without a result: {stored['error']}.")
    if stored.get("error") is not None or given.error is not None:
        is_same = stored.get("error") == given.error
    else:
        repeated = result_from_parts(result_parts(given.result))
        is_same = result_from_parts(stored["result"]) == repeated
    if not is_same:
        raise Conflict("tool_call_id: the call has another result already.")


def _unknown_call(session: AgentSession) -> Conflict | InvalidInput:
    if session.turn is not None and session.turn.waits_for_client:
        return InvalidInput("tool_call_id: must be that of a call which waits for its result.")
    status = f"(current status: {session.status.value})"
    if session.is_waiting:
        # Clients of the Everruns API retry by these words: the turn may call the tool yet.
        return Conflict(f"Session is not waiting for tool results {status}.")
    return Conflict(f"Session has no turn that waits for results of tools {status}.")
