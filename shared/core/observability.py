"""Logger and metrics of a function: structured lines that CloudWatch can query.

The service name and the namespace come from ``POWERTOOLS_SERVICE_NAME`` and
``POWERTOOLS_METRICS_NAMESPACE``. Lambda itself traces; no SDK is loaded for it.

API Gateway and Lambda measure counts, latencies and errors by route at no price. The only
metric here is ``Faults``: answers caused by a defect.
"""

import os

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(utc=True)
metrics = Metrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "AgentSessions"))

__all__ = ["MetricUnit", "logger", "metrics"]
