"""Exporter of one organization."""

import pytest

from tests.support.gateway import Gateway
from tests.support.traces import Tracing


@pytest.fixture
def tracing(api: Gateway) -> Tracing:
    return Tracing(api)
