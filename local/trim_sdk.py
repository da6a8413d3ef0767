"""Trim the layer's botocore to the services that functions call.

    python local/trim_sdk.py <folder with botocore>

The full package has the models of 400 services, which are larger than the rest of the layer, and
a table of their endpoints, whose parsing takes 5 % of a cold start. Three quarters of a model are
the texts of its documentation, which a function would decompress and parse at each start.
"""

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

SERVICES = ("bedrock-runtime", "dynamodb", "events", "s3", "secretsmanager", "sqs", "ssm")


def trim(data: Path) -> None:
    """Delete what functions never read from botocore's data.

    That is all of other services, and the examples and documentation of these. A model is stored
    as plain JSON, which the SDK looks for first.
    """
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)
    for examples in data.rglob("examples-1.json"):
        examples.unlink()
    for compressed in data.rglob("*.json.gz"):
        content = _without_documentation(json.loads(gzip.decompress(compressed.read_bytes())))
        compressed.with_suffix("").write_text(json.dumps(content, separators=(",", ":")))
        compressed.unlink()
    file = data / "endpoints.json"
    endpoints = json.loads(file.read_text())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in SERVICES if name in services}
    file.write_text(json.dumps(endpoints, separators=(",", ":")))


def _without_documentation(value: Any) -> Any:
    """Return JSON with empty texts named ``documentation``; a member of that name is an object.

    The SDK adds to some of them when it loads the model of S3.
    """
    if isinstance(value, list):
        return list(map(_without_documentation, value))
    if not isinstance(value, dict):
        return value
    return {
        name: ""
        if name == "documentation" and isinstance(inner, str)
        else _without_documentation(inner)
        for name, inner in value.items()
    }


if __name__ == "__main__":
    trim(Path(sys.argv[1]) / "botocore" / "data")
