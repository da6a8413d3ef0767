"""Environment of a process that imports a function as Lambda does."""

import os

from tests.support.template import ROOT


def lambda_environment() -> dict[str, str]:
    """Return variables with the functions' own folder, and the layer with shared/, in the path."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'functions'}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_LAMBDA_FUNCTION_NAME": "f",
        "TABLE_NAME": "t",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
