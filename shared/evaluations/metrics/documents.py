"""Metrics as stored documents: a kind of catalog entity without parent and children."""

from shared.core.ids import MetricId
from shared.evaluations.catalog.documents import CatalogKind
from shared.evaluations.metrics.domain import Metric

METRICS = CatalogKind("metric", "Metric", Metric, MetricId)
