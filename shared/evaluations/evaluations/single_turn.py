"""Evaluation of a single turn: a session with one turn, recorded and evaluated together."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from shared.core.errors import DomainError, InvalidInput, NotFound
from shared.core.ids import OrganizationId, ProductId, SessionId
from shared.evaluations.catalog.domain import Product, TestCase, Version
from shared.evaluations.catalog.filters import CatalogFilter
from shared.evaluations.catalog.service import CatalogService
from shared.evaluations.evaluations.creating import Request
from shared.evaluations.evaluations.service import CreatedEvaluations, EvaluationService
from shared.evaluations.list_windows import Window
from shared.evaluations.results.domain import Turn
from shared.evaluations.results.service import InferenceResultService
from shared.evaluations.sessions.domain import NewSession, SessionStatus
from shared.evaluations.sessions.service import EvaluationSessionService
from shared.storage.idempotency import Idempotency


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleTurn:
    """Turn to record, with the version that answered it, or the product for its newest one."""

    turn: Turn
    version_id: str | None = None
    product_id: str | None = None
    test_case_id: str | None = None
    is_production: bool | None = None


@dataclass(frozen=True, slots=True)
class SingleTurnEvaluation:
    """Use case of single turns."""

    products: CatalogService[Product]
    versions: CatalogService[Version]
    test_cases: CatalogService[TestCase]
    sessions: EvaluationSessionService
    results: InferenceResultService
    evaluations: EvaluationService

    def create(self, request: Request, single: SingleTurn) -> CreatedEvaluations:
        """Record a turn in a session of its own and evaluate it: one write after the other.

        Nothing is written where the request is invalid. Without an idempotency key, a request
        that is repeated after a lost answer records a second session. Raises as the creates
        of session, turn and evaluations.
        """
        organization_id, user_id = request.organization_id, request.user_id
        self._check(request)
        new = NewSession(
            version_id=self._version(request, single),
            test_case_id=single.test_case_id,
            is_production=single.is_production,
            run_id=request.run_id,
            status=SessionStatus.COMPLETED,
        )
        session = self.sessions.create(organization_id, user_id, new, request.idempotency).entity
        turn = self._turn(organization_id, single)
        recorded = self.results.create(
            organization_id, user_id, str(session.id), [turn], _part(request, "turn")
        )
        of_turn = replace(request, idempotency=_part(request, "evaluations"))
        return self.evaluations.create_of_result(of_turn, str(recorded.results[0].id))

    def _check(self, request: Request) -> None:
        """Reject metrics before anything is written; a replay is answered as it was."""
        try:
            self.evaluations.choose(request)
        except DomainError:
            # Session and turn of a replay exist, so that it writes nothing.
            if request.idempotency is None or not self._is_replay(request):
                raise

    def _is_replay(self, request: Request) -> bool:
        if request.idempotency is None:
            return False
        try:
            session_id = str(SessionId(request.idempotency.uuid()))
            self.sessions.get(request.organization_id, session_id)
        except NotFound:
            return False
        return True

    def _version(self, request: Request, single: SingleTurn) -> str:
        """Return the version; of a product without one, a new one."""
        if single.version_id:
            return single.version_id
        if not single.product_id:
            raise InvalidInput("versionId: is required, or productId.")
        organization_id, product_id = request.organization_id, single.product_id
        _reject_unknown(lambda: self.products.get(organization_id, product_id))
        accepted = CatalogFilter(parent_ids=(str(ProductId.parse(product_id)),))
        if newest := self.versions.find(organization_id, accepted, Window(limit=1)).items:
            return str(newest[0].id)
        fields = {
            "product_id": product_id, "name": None, "description": None, "system_prompt": None,
            "model_id": None, "dataset_description": None, "dataset_uri": None,
            "guardrails": None,
        }  # fmt: skip
        part = _part(request, "version")
        created = self.versions.create(organization_id, request.user_id, fields, part)
        return str(created.entity.id)

    def _turn(self, organization_id: OrganizationId, single: SingleTurn) -> Turn:
        """Return the turn; without an input it has that of its test case."""
        if single.turn.input is not None or single.test_case_id is None:
            return single.turn
        case = self.test_cases.get(organization_id, single.test_case_id)
        return replace(single.turn, input=case.input)


def _part(request: Request, part: str) -> Idempotency | None:
    """Return the idempotency key of one of the writes."""
    key = request.idempotency
    return key and replace(key, operation=f"{key.operation} {part}")


def _reject_unknown(get: Callable[[], Product]) -> None:
    try:
        get()
    except NotFound as error:
        raise NotFound("productId: product not found") from error
