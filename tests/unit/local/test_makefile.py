"""What `make` says of itself."""

import subprocess

import pytest

from local.settings import ROOT


@pytest.mark.parametrize(
    "told",
    [
        'eval "$(make -s env)"',
        "FILE=… KIND=agent|evaluation [NAME=…]",
    ],
)
def test_help_tells_what_can_be_typed_as_it_is(told: str) -> None:
    """Given a target with options, when help is asked for, then they stand there whole."""
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert told in done.stdout
