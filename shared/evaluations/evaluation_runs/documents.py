"""Evaluation runs as stored documents, and back; items that claim custom ids and numbers."""

import hashlib
from typing import Any

from shared.core.clock import moment
from shared.core.errors import InvalidInput
from shared.core.ids import EvaluationRunId, OrganizationId, ProductId, VersionId
from shared.evaluations.catalog.documents import PRODUCTS, CatalogKind
from shared.evaluations.evaluation_runs.domain import EvaluationRun, RunStatus
from shared.evaluations.list_names import children_list, creation_key
from shared.storage.contention import ConditionFailed
from shared.storage.records import BY_LINK, IndexEntry, Key, Record

_TYPE = "evaluation-run"
_CUSTOM_ID = "evaluation-run-custom-id"
_NUMBERS = "evaluation-run-numbers"


class RunKind(CatalogKind[EvaluationRun]):
    """Stored form of evaluation runs; they are listed by version too."""

    def __init__(self) -> None:
        super().__init__(_TYPE, "Run", EvaluationRun, EvaluationRunId, PRODUCTS)
        self._parsers |= {
            "version_id": VersionId.parse,
            "status": RunStatus,
            "finished_at": moment,
        }

    def _index_entries(self, entity: Any) -> dict[str, IndexEntry]:
        entries = super()._index_entries(entity)
        if entity.version_id is not None:
            name = children_list(entity.organization_id, entity.version_id, _TYPE)
            entries[BY_LINK] = IndexEntry(name, creation_key(entity))
        return entries


RUNS = RunKind()


def custom_id_claim(run: EvaluationRun) -> Record | None:
    """Return the item that makes the run's custom id unique in its product, if it has one.

    Its key has a digest, because a custom id may be longer than a key.
    """
    if run.custom_id is None:
        return None
    digest = hashlib.sha256(run.custom_id.encode(errors="surrogatepass")).hexdigest()
    return Record(
        key=Key(f"{run.organization_id}#{_TYPE}#{run.product_id.hex}-{digest}", "custom-id"),
        type=_CUSTOM_ID,
        body={"run_id": str(run.id)},
    )


def reject_claimed_custom_id(failed: ConditionFailed) -> None:
    """Raise ``InvalidInput`` if a write failed because the custom id is in use."""
    if any(record and record.type == _CUSTOM_ID for record in failed.existing.values()):
        raise InvalidInput(
            "customId: is used by another run of this product; use another one."
        ) from failed


def numbers_key(organization_id: OrganizationId, product_id: ProductId) -> Key:
    """Return the key of the item that has the number of a product's latest run."""
    return Key(f"{organization_id}#{_TYPE}#{product_id.hex}", "numbers")


def numbers_record(key: Key, latest: int) -> Record:
    """Return that item."""
    return Record(key=key, type=_NUMBERS, body={"latest": latest})
