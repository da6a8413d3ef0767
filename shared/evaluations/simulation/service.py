"""Simulation service: the next message of a session's user, recorded as a pending turn."""

from typing import Any

from shared.core.errors import Busy, Deleted, InvalidInput, NotFound, PreconditionFailed
from shared.core.ids import ApiKeyId, OrganizationId, SessionId
from shared.evaluations.catalog.domain import TestCase
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.client_ids import known_id
from shared.evaluations.results.domain import InferenceResult, Recorded, ResultStatus, Turn
from shared.evaluations.results.lists import InferenceResultLists
from shared.evaluations.results.service import InferenceResultService
from shared.evaluations.sessions.domain import EvaluationSession
from shared.evaluations.simulation.domain import (
    MAX_TURNS_REACHED,
    Exchange,
    NextMessage,
    SimulatedCase,
    SimulatedMessage,
    SimulatedUser,
)
from shared.storage.contention import retry_on_contention
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Created

#: Turns of a conversation, if neither the request nor the test case limits them.
DEFAULT_MAX_TURNS = 10
#: Keys of a receipt's note: the stopping reason of the first answer and, where that recorded
#: nothing, its turn and whether it repeated the turn's message.
_STOPPING_REASON, _TURN, _HAS_MESSAGE = "stopping_reason", "turn", "has_message"
#: Tries against concurrent writers: few, because each may call a language model.
_TRIES = 10


class SimulationService:
    """Use case of the conversation simulator."""

    def __init__(
        self,
        results: InferenceResultService,
        lists: InferenceResultLists,
        test_cases: CatalogRepository[TestCase],
        user: SimulatedUser,
    ) -> None:
        self._results = results
        self._lists = lists
        self._test_cases = test_cases
        self._user = user

    def next_user_message(
        self,
        organization_id: OrganizationId,
        key_id: ApiKeyId,
        session_id: str,
        max_turns: int | None,
        idempotency: Idempotency | None = None,
    ) -> Created[NextMessage]:
        """Return the user's next message, recorded as a turn that awaits its answer.

        A turn that still waits is returned again, so that a repeated request records no
        second one. Under an ``idempotency`` key, the first answer is returned again, also
        after the turn was answered. Costs a query per megabyte of the session, a read of the
        test case and an append; a key, two reads more. Raises ``NotFound``, ``InvalidInput``
        for a session without a test case, and ``Deleted`` after the delete of the turn.
        """
        known = known_id(SessionId.parse, session_id, "sessionId: session not found")

        def attempt() -> Created[NextMessage]:
            try:
                session, results = self._lists.of_session(organization_id, known)
            except NotFound as error:
                self._results.find_replay(organization_id, session_id, idempotency)
                raise NotFound("sessionId: session not found") from error
            # After the turns: then a waiting turn is not of a concurrent request with this key.
            if replay := self._results.find_replay(organization_id, session_id, idempotency):
                return self._replay(organization_id, replay)
            case = self._test_case(session)
            left = (max_turns or case.max_iterations or DEFAULT_MAX_TURNS) - len(results)
            if results and _is_waiting(results[-1]):
                reason = None if left > 0 else MAX_TURNS_REACHED
                return self._unrecorded(session, results[-1], reason, None, idempotency)
            message = self._next_message(case, results, left)
            if not message.text:
                last = results[-1] if results else None
                return self._unrecorded(session, last, message.stopping_reason, "", idempotency)
            turn = self._turn(case, message, is_first=not results)
            recorded = self._record(session, key_id, turn, message.stopping_reason, idempotency)
            return self._replay(organization_id, recorded)

        return retry_on_contention(self._test_cases.table.sleep, attempt, tries=_TRIES)

    def _next_message(
        self, case: TestCase, results: list[InferenceResult], left: int
    ) -> SimulatedMessage:
        view = SimulatedCase(
            scenario=case.scenario,
            goal=case.goal,
            persona=case.user_persona,
            stopping_criterias=tuple(case.stopping_criterias or ()),
            has_input=bool(_message(case.input)),
        )
        if not results and view.has_input:
            message = SimulatedMessage(_message(case.input))
        else:
            exchanges = [Exchange(_message(one.input), one.actual_output) for one in results]
            message = self._user.next_message(view, exchanges)
        if left > 1:
            return message
        text = message.text if left == 1 else ""
        return SimulatedMessage(text, message.stopping_reason or MAX_TURNS_REACHED)

    def _turn(self, case: TestCase, message: SimulatedMessage, *, is_first: bool) -> Turn:
        # The test case's own input may have more fields than the message: all are recorded.
        opening = case.input if is_first and _message(case.input) else None
        return Turn(
            input=opening or {"user_message": message.text},
            status=ResultStatus.PENDING,
            conversation_simulator_version=self._user.version,
        )

    def _record(
        self,
        session: EvaluationSession,
        key_id: ApiKeyId,
        turn: Turn,
        stopping_reason: str | None,
        idempotency: Idempotency | None,
    ) -> Recorded:
        try:
            return self._results.create(
                session.organization_id,
                key_id,
                str(session.id),
                [turn],
                idempotency,
                expected_version=session.version,
                note={_STOPPING_REASON: stopping_reason},
            )
        except PreconditionFailed:
            raise Busy from None  # A concurrent request wrote first: the user is asked again.

    def _unrecorded(
        self,
        session: EvaluationSession,
        turn: InferenceResult | None,
        reason: str | None,
        text: str | None,
        idempotency: Idempotency | None,
    ) -> Created[NextMessage]:
        """Return an answer that records no turn, and keep it for a repeated request."""
        note = {
            _STOPPING_REASON: reason,
            _TURN: turn and str(turn.id),
            _HAS_MESSAGE: text is None,
        }
        self._results.keep_note(session.organization_id, session.id, idempotency, note)
        return Created(self._answer(turn, reason, text))

    def _replay(self, organization_id: OrganizationId, recorded: Recorded) -> Created[NextMessage]:
        note = recorded.note
        turn = recorded.results[0] if recorded.results else None
        if turn is None and note[_TURN]:
            try:
                turn = self._results.get(organization_id, note[_TURN])
            except NotFound:
                raise Deleted from None
        text = None if note.get(_HAS_MESSAGE, True) else ""
        answer = self._answer(turn, note.get(_STOPPING_REASON), text)
        return Created(answer, replayed=recorded.replayed)

    def _test_case(self, session: EvaluationSession) -> TestCase:
        if session.test_case_id is None:
            raise InvalidInput("sessionId: must be a session of a test case.")
        text = str(session.test_case_id)
        return self._test_cases.load_named(session.organization_id, text, "test_case_id").entity

    def _answer(
        self, turn: InferenceResult | None, reason: str | None, text: str | None = None
    ) -> NextMessage:
        version = turn.conversation_simulator_version if turn and text is None else None
        return NextMessage(
            next_message=_message(turn.input) if turn and text is None else "",
            finished=reason is not None,
            stopping_reason=reason,
            simulator_version=version or self._user.version,
            inference_result_id=turn.id if turn else None,
        )


def _is_waiting(result: InferenceResult) -> bool:
    """Return whether a simulated turn awaits the product's answer."""
    is_simulated = result.conversation_simulator_version is not None
    return is_simulated and result.status is ResultStatus.PENDING and result.actual_output is None


def _message(value: dict[str, Any] | None) -> str:
    """Return the user message of an input; empty for another form of input."""
    message = (value or {}).get("user_message")
    return message if isinstance(message, str) else ""
