"""Metrics of a request for evaluations: found by id or by name, with the client's scores."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import OrganizationId, TypedId
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.metrics.domain import Metric, MetricSource
from shared.storage.lists import ListQuery, merged
from shared.storage.records import BY_LINK


@dataclass(frozen=True, slots=True)
class NamedMetric:
    """Metric as a client names it; ``score`` is its own, for a self-hosted metric."""

    id: str | None = None
    name: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class ChosenMetric:
    """Metric that was found, and the client's score."""

    metric: Metric
    score: float | None


def choose_metrics(
    metrics: CatalogRepository[Metric],
    organization_id: OrganizationId,
    named: Sequence[NamedMetric],
) -> list[ChosenMetric]:
    """Return the metrics, each once: one batch read, and one query a shard for each name.

    Of several with one name, the newest. Raises ``NotFound`` for an unknown one, and
    ``InvalidInput`` for one without id and name, and for a score that is missing or in excess.
    """
    ids = {one.id: metrics.kind.parse_id(one.id) for one in named if one.id}
    found = metrics.load_many(organization_id, filter(None, ids.values()))
    chosen: dict[TypedId, ChosenMetric] = {}
    for place, one in enumerate(named):
        field = f"metrics.{place}"
        if one.id:
            identifier = ids[one.id]
            loaded = found.get(identifier) if identifier else None
            metric = loaded.entity if loaded else None
        elif one.name:
            metric = _newest(metrics, organization_id, one.name)
        else:
            raise InvalidInput(f"{field}: must have an id or a name.")
        if metric is None:
            raise NotFound(f"{field}: metric not found")
        _check_score(metric, one.score, field)
        chosen.setdefault(metric.id, ChosenMetric(metric, one.score))
    return list(chosen.values())


def _newest(
    metrics: CatalogRepository[Metric], organization_id: OrganizationId, name: str
) -> Metric | None:
    query = ListQuery(list=metrics.kind.list_of_name(organization_id, name), index=BY_LINK)
    record = next(merged(metrics.table, [query], 1), None)
    return metrics.kind.from_record(record) if record else None


def _check_score(metric: Metric, score: float | None, field: str) -> None:
    is_own = metric.source == MetricSource.SELF_HOSTED
    if is_own and score is None:
        raise InvalidInput(f"{field}.score: is required, as the metric is self-hosted.")
    if not is_own and score is not None:
        raise InvalidInput(f"{field}.score: must be omitted, as the metric is not self-hosted.")
