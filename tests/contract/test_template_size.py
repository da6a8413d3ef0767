"""How large the stack is once SAM has spelled it out, and how many read its stream."""

from tests.support.template import functions, transformed

#: Of CloudFormation's 500: what is left is room for a few areas more.
MOST_RESOURCES = 450


def test_stack_stays_under_the_limit_of_resources() -> None:
    """Given the template, when SAM transforms it, then it is well under 500 resources."""
    assert 300 < len(transformed()) < MOST_RESOURCES


def test_table_has_no_more_stream_readers_than_it_serves_well() -> None:
    """Given the template, then at most two functions read the stream, as DynamoDB advises."""
    readers = [
        name
        for name, properties in functions().items()
        if any(event["Type"] == "DynamoDB" for event in properties.get("Events", {}).values())
    ]

    assert sorted(readers) == ["PublishChangesFunction", "RunTurnFunction"]
