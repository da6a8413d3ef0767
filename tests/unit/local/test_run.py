"""What `make run` tells the person at the terminal."""

import argparse
import shlex
from pathlib import Path

import pytest

from local.run import options
from local.settings import ROOT


@pytest.mark.parametrize(
    ("port", "home", "words"),
    [
        (4566, ROOT / ".local", []),
        (4566, Path(".local"), []),
        (4567, Path(".local"), ["PORT=4567"]),
        (4567, Path("/srv/my stack"), ["PORT=4567", "STATE=/srv/my stack"]),
    ],
)
def test_command_that_stops_can_be_pasted(port: int, home: Path, words: list[str]) -> None:
    """Given a port and a folder, then `make stop` is told them as a shell reads them."""
    told = options(argparse.Namespace(port=port, home=home))

    assert shlex.split(told) == words
