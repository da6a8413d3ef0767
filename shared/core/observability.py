"""The logger and the metrics of a function: structured lines that CloudWatch can query.

Names and the namespace come from ``POWERTOOLS_SERVICE_NAME`` and
``POWERTOOLS_METRICS_NAMESPACE``. Tracing is Lambda's own: no SDK is loaded for it.

Metrics are for what API Gateway and Lambda do not measure of themselves, at no price:
counts, latencies and errors by route are theirs. Ours is ``Faults``, the answers that
were a defect and not a refusal.
"""

import os

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(utc=True)
metrics = Metrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "AgentSessions"))

__all__ = ["MetricUnit", "logger", "metrics"]
