"""The client's patience: the caller hears an answer before the function's time is up."""

from typing import Any

from shared.storage.client import dynamodb
from tests.support.template import template


def test_given_a_storage_that_hangs_then_all_attempts_end_before_the_function_does(
    dynamodb_table: Any,
) -> None:
    config: Any = dynamodb().meta.config
    attempts = config.retries["total_max_attempts"]
    # Standard mode waits up to 1 second before the second attempt, 2 before the third.
    waiting = sum(2**number for number in range(attempts - 1))
    longest = attempts * max(config.read_timeout, config.connect_timeout) + waiting
    assert longest < template()["Globals"]["Function"]["Timeout"]
