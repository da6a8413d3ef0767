"""Evaluation run service: create, get, close, delete and list."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from shared.core.errors import InvalidInput
from shared.core.ids import ApiKeyId, EvaluationRunId, OrganizationId, ProductId
from shared.evaluations.catalog.domain import Product, Version
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.client_ids import load_all
from shared.evaluations.evaluation_runs.documents import (
    custom_id_claim,
    numbers_key,
    numbers_record,
    reject_claimed_custom_id,
)
from shared.evaluations.evaluation_runs.domain import EvaluationRun, close_run
from shared.evaluations.evaluation_runs.filters import RunFilter
from shared.evaluations.evaluation_runs.repository import RunRepository
from shared.evaluations.list_windows import Window, WindowPage, empty_page, entry, read_window
from shared.storage.conditions import ExpectedVersion
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Created
from shared.storage.transactions import Action, Create, Delete, Replace


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """Run to create; the ids are texts of the client, not yet looked up."""

    product_id: str
    version_id: str | None = None
    custom_id: str | None = None


class RunService:
    """Use cases of evaluation runs."""

    def __init__(
        self,
        repository: RunRepository,
        products: CatalogRepository[Product],
        versions: CatalogRepository[Version],
    ) -> None:
        self._repository = repository
        self._products = products
        self._versions = versions

    def create(
        self,
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        new: NewRun,
        idempotency: Idempotency | None = None,
    ) -> Created[EvaluationRun]:
        """Open a run: two reads, a third one with a version, and one transaction.

        Raises ``NotFound`` for an unknown product or version, ``InvalidInput`` for a version
        of another product and a custom id in use; and as ``Repository.create``.
        """
        identifier = EvaluationRunId(idempotency.uuid()) if idempotency else EvaluationRunId.new()

        def build() -> tuple[EvaluationRun, Sequence[Action]]:
            product = self._products.load_named(organization_id, new.product_id, "product_id")
            version = self._version(organization_id, product.entity.id, new.version_id)
            number, numbered = self._next_number(organization_id, product.entity.id)
            run = EvaluationRun(
                id=identifier,
                organization_id=organization_id,
                user_id=user_id,
                created_at=self._repository.clock(),
                product_id=product.entity.id,
                version_id=version.id if version else None,
                custom_id=new.custom_id,
                ordinal=number,
            )
            claim = custom_id_claim(run)
            actions = [numbered, *self._products.adding_child(product, identifier)]
            return run, [*actions, Create(claim)] if claim else actions

        return self._repository.create(
            self._repository.kind.key(organization_id, identifier),
            build,
            idempotency,
            on_condition_failed=reject_claimed_custom_id,
        )

    def get(self, organization_id: OrganizationId, identifier: str) -> EvaluationRun:
        """Return a run: one request. Raises ``NotFound``, also for an invalid id."""
        return self._repository.get(organization_id, self._repository.known_id(identifier))

    def close(self, organization_id: OrganizationId, identifier: str) -> EvaluationRun:
        """Close a run: one read, one write. Raises ``NotFound``, ``Conflict`` if it is closed."""
        return self._repository.change(
            organization_id,
            self._repository.known_id(identifier),
            lambda run: close_run(run, self._repository.clock()),
        )

    def delete(
        self,
        organization_id: OrganizationId,
        identifier: str,
        *,
        expected_version: ExpectedVersion = None,
    ) -> None:
        """Delete a run and release its custom id; its sessions stay: one read, one write.

        Raises ``NotFound`` and ``PreconditionFailed``.
        """

        def release(run: EvaluationRun) -> list[Action]:
            claim = custom_id_claim(run)
            return [Delete(claim.key)] if claim else []

        self._repository.delete(
            organization_id,
            self._repository.known_id(identifier),
            expected_version=expected_version,
            also=release,
        )

    def find(
        self, organization_id: OrganizationId, accepted: RunFilter, window: Window
    ) -> WindowPage[EvaluationRun]:
        """Return a page of a list. Raises ``NotFound`` if one of ``ids`` does not exist."""
        if accepted.ids:
            load = partial(self._repository.load_many, organization_id)
            found = load_all(self._repository.kind.id_type.parse, accepted.ids, load, "run")
            entries = window.sort(map(entry, found.values()))
        elif accepted.product_ids and not self._products.kind.parse_ids(accepted.product_ids):
            return empty_page()
        else:
            entries = self._repository.matching(organization_id, accepted, window)
        return read_window(
            entries,
            window,
            lambda run: accepted.passes(run) and window.includes(run.created_at),
        )

    def _version(
        self, organization_id: OrganizationId, product_id: ProductId, text: str | None
    ) -> Version | None:
        if text is None:
            return None
        version = self._versions.load_named(organization_id, text, "version_id").entity
        if version.product_id != product_id:
            raise InvalidInput("versionId: is a version of another product.")
        return version

    def _next_number(
        self, organization_id: OrganizationId, product_id: ProductId
    ) -> tuple[int, Action]:
        """Return the number of the product's next run, and the action that takes it."""
        key = numbers_key(organization_id, product_id)
        current = self._repository.table.get(key)
        if current is None:
            return 1, Create(numbers_record(key, 1))
        number = current.body["latest"] + 1
        return number, Replace(numbers_record(key, number), current.version)
