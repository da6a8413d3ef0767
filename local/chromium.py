"""Chromium of this machine, driven by Playwright of the development environment."""

import shutil

from playwright.sync_api import Browser, Playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = "Chromium is not installed (Debian: apt-get install chromium)"
#: As root Chromium needs --no-sandbox; the others keep it from looking for hosts of its own, and
#: pages from reaching any but this machine.
_OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)  # fmt: skip


def launch(playwright: Playwright) -> Browser:
    """Start Chromium with a profile of its own."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*_OPTIONS])
