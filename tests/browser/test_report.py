"""HTML report in Chromium: it loads nothing, has two color schemes, and fits a phone."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.environments import ensure, interpreter
from local.settings import ROOT
from shared.runs.reports.html import page
from tests.browser.test_cross_origin import CHROMIUM
from tests.support.commands import run
from tests.support.run_results import report

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="Chromium is not installed (Debian: apt-get install chromium)"
)
NAMES = ("pppp", "ffff", "pfpf", "eeee", "uuuu")


def test_report_is_shown_without_requests_and_errors(tmp_path: Path) -> None:
    ensure(["browser"])
    file, picture = tmp_path / "report.html", tmp_path / "report.png"
    long = "x" * 300
    found = report(*NAMES, before=["pppp"] * 5, name=f"Refunds <b>{long}</b>")
    file.write_text("".join(page(found)))

    words = (ROOT / "local" / "page_picture.py", file, picture)
    done = run(interpreter("browser"), *words, check=False, timeout=120)

    assert done.returncode == 0, done.stderr[-3000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    assert (seen["requests"], seen["errors"]) == ([], [])
    assert (seen["light"]["bg"], seen["dark"]["bg"]) == ("rgb(255, 255, 255)", "rgb(13, 17, 23)")
    assert not seen["light"]["over"]
    assert not seen["dark"]["over"]
    assert seen["light"]["scripts"] == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
