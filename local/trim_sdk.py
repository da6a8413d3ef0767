"""Trim the layer's botocore to the services that functions call.

    python local/trim_sdk.py <folder with botocore>

The full package has the models of 400 services, which are larger than the rest of the layer, and
a table of their endpoints, whose parsing takes 5 % of a cold start.
"""

import json
import shutil
import sys
from pathlib import Path

SERVICES = ("bedrock-runtime", "dynamodb", "events", "s3", "secretsmanager", "sqs", "ssm")


def trim(data: Path) -> None:
    """Delete the models, endpoints and examples of all other services from botocore's data."""
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)
    for examples in data.rglob("examples-1.json"):
        examples.unlink()
    file = data / "endpoints.json"
    endpoints = json.loads(file.read_text())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in SERVICES if name in services}
    file.write_text(json.dumps(endpoints, separators=(",", ":")))


if __name__ == "__main__":
    trim(Path(sys.argv[1]) / "botocore" / "data")
