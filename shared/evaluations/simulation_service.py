"""What a simulated user says next in a session: found, and recorded as a turn that waits."""

import time
from typing import Any

from shared.core.backoff import Backoff, Sleep
from shared.core.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from shared.core.ids import ApiKeyId, OrganizationId, SessionId
from shared.evaluations.client_ids import read_id
from shared.evaluations.models import EvaluationSession, InferenceResult, ResultStatus, Turn
from shared.evaluations.parent_documents import TEST_CASES
from shared.evaluations.parent_repository import ParentRepository
from shared.evaluations.parents import TestCase
from shared.evaluations.result_lists import InferenceResultLists
from shared.evaluations.result_service import InferenceResultService
from shared.evaluations.simulation import (
    MAX_TURNS_REACHED,
    Exchange,
    NextMessage,
    SimulatedCase,
    SimulatedMessage,
    SimulatedUser,
)

#: Turns of a conversation where neither the caller nor the test case says how many.
DEFAULT_MAX_TURNS = 10
#: Tries when others record turns in the session at the same moment: few, as the user is
#: asked anew in each. The pauses come to 0.6 seconds at most.
_OVERTAKEN = Backoff(tries=10, first=0.005, longest=0.1)


class SimulationService:
    """Simulated users in evaluation sessions."""

    def __init__(
        self,
        results: InferenceResultService,
        lists: InferenceResultLists,
        parents: ParentRepository,
        user: SimulatedUser,
        *,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._results = results
        self._lists = lists
        self._parents = parents
        self._user = user
        self._sleep = sleep

    def next_user_message(
        self,
        organization_id: OrganizationId,
        key_id: ApiKeyId,
        session_id: str,
        max_turns: int | None,
    ) -> NextMessage:
        """Return what the user says next, and record it as a turn that awaits its answer.

        A turn that still waits is answered again: a repeated request makes no second one.
        Costs a query a megabyte of the session, a read of the test case, and an append.
        Raises ``NotFound``, and ``InvalidInput`` for a session without a test case.
        """
        known = read_id(SessionId.parse, session_id)
        if known is None:
            raise NotFound("sessionId: session not found")
        for _ in _OVERTAKEN.attempts(self._sleep):
            try:
                session, results = self._lists.of_session(organization_id, known)
            except NotFound as error:
                raise NotFound("sessionId: session not found") from error
            case = self._test_case(session)
            left = (max_turns or case.max_iterations or DEFAULT_MAX_TURNS) - len(results)
            if results and _waits(results[-1]):
                return self._answer(results[-1], None if left > 0 else MAX_TURNS_REACHED)
            said = self._said(case, results, left)
            if not said.text:
                last = results[-1] if results else None
                return self._answer(last, said.stopping_reason, text="")
            try:
                turn = self._record(session, key_id, case, said, is_first=not results)
            except PreconditionFailed:
                continue  # another turn came first: think again
            return self._answer(turn, said.stopping_reason)
        raise Conflict("Others are recording turns in the session; try again.")

    def _said(self, case: TestCase, results: list[InferenceResult], left: int) -> SimulatedMessage:
        told = SimulatedCase(
            scenario=case.scenario,
            goal=case.goal,
            persona=case.user_persona,
            stopping_criterias=tuple(case.stopping_criterias or ()),
            has_input=bool(_message(case.input)),
        )
        if not results and told.has_input:
            said = SimulatedMessage(_message(case.input))
        else:
            exchanges = [Exchange(_message(one.input), one.actual_output) for one in results]
            said = self._user.next_message(told, exchanges)
        if left <= 0:
            return SimulatedMessage("", said.stopping_reason or MAX_TURNS_REACHED)
        if left == 1:
            return SimulatedMessage(said.text, said.stopping_reason or MAX_TURNS_REACHED)
        return said

    def _record(
        self,
        session: EvaluationSession,
        key_id: ApiKeyId,
        case: TestCase,
        said: SimulatedMessage,
        *,
        is_first: bool,
    ) -> InferenceResult:
        # The case's own opening may say more than words: all of it is the turn's input.
        opening = case.input if is_first and _message(case.input) else None
        turn = Turn(
            input=opening or {"user_message": said.text},
            status=ResultStatus.PENDING,
            conversation_simulator_version=self._user.version,
        )
        [recorded], _ = self._results.create(
            session.organization_id,
            key_id,
            str(session.id),
            [turn],
            expected_version=session.version,
        )
        return recorded

    def _test_case(self, session: EvaluationSession) -> TestCase:
        if session.test_case_id is None:
            raise InvalidInput("sessionId: the session has no test case to simulate a user from.")
        kept = self._parents.get(TEST_CASES, session.organization_id, session.test_case_id)
        if kept is None:
            raise NotFound("testCaseId: the session's test case was not found")
        return kept.entity

    def _answer(
        self, turn: InferenceResult | None, reason: str | None, text: str | None = None
    ) -> NextMessage:
        return NextMessage(
            next_message=_message(turn.input) if text is None and turn else "",
            finished=reason is not None,
            stopping_reason=reason,
            simulator_version=self._user.version,
            inference_result_id=turn.id if turn else None,
        )


def _waits(result: InferenceResult) -> bool:
    """Tell whether a simulated turn still awaits the product's answer."""
    simulated = result.conversation_simulator_version is not None
    return simulated and result.status is ResultStatus.PENDING and result.actual_output is None


def _message(value: dict[str, Any] | None) -> str:
    """Return the words in an input; those of another form are none."""
    words = (value or {}).get("user_message")
    return words if isinstance(words, str) else ""
