"""Organization that conversations are imported into."""

import pytest

from tests.support.gateway import Gateway
from tests.support.imports import known


@pytest.fixture
def importing(api: Gateway) -> Gateway:
    return known(api)
