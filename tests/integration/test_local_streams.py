"""The emulator's table streams: what a function refuses is handed over again."""

import io
import json
import zipfile
from pathlib import Path

from local.aws import client
from tests.support.running_stack import RunningStack
from tests.support.waiting import until

#: Refuses its first batch, and writes down each that it is handed.
CODE = """
import json, pathlib

def handler(event, context):
    handed = pathlib.Path({file!r})
    first = not handed.exists()
    with handed.open("a") as file:
        keys = [one["dynamodb"]["Keys"]["key"]["S"] for one in event["Records"]]
        print(json.dumps(keys), file=file)
    refused = event["Records"][0]["dynamodb"]["SequenceNumber"]
    return {{"batchItemFailures": [{{"itemIdentifier": refused}}] if first else []}}
"""


def test_refused_batch_is_handed_over_again(stack: RunningStack, tmp_path: Path) -> None:
    """Given a function that refuses a record, then it gets it again, and the next only then."""
    file = tmp_path / "handed"
    tables, functions = client(stack.local, "dynamodb"), client(stack.local, "lambda")
    stream = tables.create_table(
        TableName="things",
        KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]["LatestStreamArn"]
    functions.create_function(
        FunctionName="reader",
        Runtime="python3.13",
        Handler="code.handler",
        Role="arn:aws:iam::000000000000:role/reader",
        Code={"ZipFile": _package(CODE.format(file=str(file)))},
    )
    functions.create_event_source_mapping(
        FunctionName="reader", EventSourceArn=stream, StartingPosition="TRIM_HORIZON",
        BatchSize=1, FunctionResponseTypes=["ReportBatchItemFailures"],
    )  # fmt: skip

    for key in ("first", "second"):
        tables.put_item(TableName="things", Item={"key": {"S": key}})

    until(lambda: file.exists() and "second" in file.read_text())
    handed = [json.loads(line) for line in file.read_text().splitlines()]
    assert handed == [["first"], ["first"], ["second"]]


def _package(code: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("code.py", code)
    return file.getvalue()
