"""Table streams of the emulator: a rejected batch is delivered again."""

import io
import json
import zipfile
from pathlib import Path

from local.aws import client
from tests.support.running_stack import RunningStack, until

#: Rejects its first batch, and records each that is delivered.
CODE = """
import json, pathlib

def handler(event, context):
    delivered = pathlib.Path({file!r})
    first = not delivered.exists()
    with delivered.open("a") as file:
        keys = [one["dynamodb"]["Keys"]["key"]["S"] for one in event["Records"]]
        print(json.dumps(keys), file=file)
    rejected = event["Records"][0]["dynamodb"]["SequenceNumber"]
    return {{"batchItemFailures": [{{"itemIdentifier": rejected}}] if first else []}}
"""


def test_rejected_batch_is_delivered_again_first(stack: RunningStack, tmp_path: Path) -> None:
    file = tmp_path / "delivered"
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
    delivered = [json.loads(line) for line in file.read_text().splitlines()]
    assert delivered == [["first"], ["first"], ["second"]]


def _package(code: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("code.py", code)
    return file.getvalue()
