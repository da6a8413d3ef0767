"""`make check`: a line for each step, and the output of the failed ones."""

import re
import sys

import pytest

from local import check
from local.console import Failure


def test_each_step_has_a_line_and_failed_ones_their_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = {
        "Format": [sys.executable, "-c", "print('unformatted'); raise SystemExit(1)"],
        "Types": [sys.executable, "-c", "print('nothing to say')"],
    }
    monkeypatch.setattr(check, "_steps", lambda: steps)

    with pytest.raises(Failure, match="not passed: Format; the lines above say why"):
        check._main()

    assert re.sub(r"[\d.]+ s", "N s", capsys.readouterr().out) == (
        "Format ... failed after N s\nunformatted\nTypes ... N s\n"
    )
