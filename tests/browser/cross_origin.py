"""A page in Chromium that calls the API from another origin; run in the environment "browser".

    python cross_origin.py PAGE OTHER_PAGE API_URL API_KEY

Prints one line of JSON: what the script of each page could read.
"""

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

#: As root Chromium needs --no-sandbox; the others keep it from looking for hosts of its own.
_OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
_SCRIPT = Path(__file__).with_name("cross_origin.js").read_text()


def main(chromium: str, allowed: str, other: str, *stack: str) -> dict[str, Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*_OPTIONS])
        found = {}
        for name, url in (("allowed", allowed), ("other", other)):
            page = browser.new_page()
            page.goto(url)
            found[name] = page.evaluate(_SCRIPT, list(stack))
        browser.close()
    return found


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))  # noqa: T201
