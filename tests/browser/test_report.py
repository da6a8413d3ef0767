"""HTML report in Chromium: it loads nothing, has two color schemes, and fits a phone."""

from pathlib import Path

from playwright.sync_api import Browser

from local.page_picture import picture
from shared.runs.reports.html import page
from tests.support.run_results import report

NAMES = ("pppp", "ffff", "pfpf", "eeee", "uuuu")


def test_report_is_shown_without_requests_and_errors(browser: Browser, tmp_path: Path) -> None:
    file, image = tmp_path / "report.html", tmp_path / "report.png"
    long = "x" * 300
    found = report(*NAMES, before=["pppp"] * 5, name=f"Refunds <b>{long}</b>")
    file.write_text("".join(page(found)))

    seen = picture(browser, file, image)

    assert (seen["requests"], seen["errors"]) == ([], [])
    assert (seen["light"]["bg"], seen["dark"]["bg"]) == ("rgb(255, 255, 255)", "rgb(13, 17, 23)")
    assert not seen["light"]["over"]
    assert not seen["dark"]["over"]
    assert seen["light"]["scripts"] == 0
    assert image.read_bytes().startswith(b"\x89PNG")
