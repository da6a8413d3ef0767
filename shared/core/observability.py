"""The logger and the metrics of a function: structured lines that CloudWatch can query.

Names and the namespace come from ``POWERTOOLS_SERVICE_NAME`` and
``POWERTOOLS_METRICS_NAMESPACE``. Tracing is Lambda's own: no SDK is loaded for it.
"""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(utc=True)
metrics = Metrics()

__all__ = ["MetricUnit", "logger", "metrics"]
