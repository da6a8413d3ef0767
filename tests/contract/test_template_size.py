"""Size of the stack after the SAM transform, and the readers of its stream."""

from collections.abc import Callable

from tests.support.template import functions, stream_sources, transformed

#: CloudFormation's limit is 500; the difference is for what SAM may add in a later version.
MAX_RESOURCES = 470


def test_stack_stays_below_resource_limit(record_property: Callable[[str, str], None]) -> None:
    count = len(transformed())
    left = MAX_RESOURCES - count
    room = f"{count} resources, {left} left: {left} endpoints, or {left // 3} with an alias"
    record_property("summary", f"template.yaml: {room}")

    assert 250 < count <= MAX_RESOURCES, room


def test_table_stream_has_two_readers() -> None:
    """DynamoDB throttles a stream with more than two readers per shard."""
    readers = [name for name in functions() if stream_sources(name)]

    assert sorted(readers) == ["DispatchTurnsFunction", "PublishChangesFunction"]
