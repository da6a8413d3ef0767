"""Filter of the list of metrics."""

from dataclasses import dataclass

from shared.evaluations.catalog.filters import PRODUCT_FILTERS, CatalogFilter
from shared.evaluations.metrics.domain import Metric
from shared.evaluations.query_parameters import Declaration, ListParameters

_FLAG = {"type": "boolean"}
METRIC_FILTERS: dict[str, Declaration] = {
    **PRODUCT_FILTERS,
    "tags": "Only metrics with one of these tags",
    "includeLegacy": ("Metrics are never deprecated: any value changes nothing", _FLAG),
    "includeExcludedFromAnalytics": (
        "Metrics are never excluded from analytics: any value changes nothing",
        _FLAG,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFilter(CatalogFilter):
    """Filter of metrics; of ``tags``, one is enough."""

    tags: tuple[str, ...] = ()

    def passes(self, entity: Metric) -> bool:
        return (not self.names or entity.name in self.names) and (
            not self.tags or bool(set(self.tags) & set(entity.tags or ()))
        )


def metric_filter(query: ListParameters) -> MetricFilter:
    """Return the filter of a list of metrics."""
    for name in ("includeLegacy", "includeExcludedFromAnalytics"):
        query.flag(name)
    return MetricFilter(**query.arrays(["ids", "names", "tags"]))
