"""Picture of an HTML page in Chromium; runs in the environment "browser".

    .venv/browser/bin/python local/page_picture.py PAGE PICTURE [HEIGHT]

The picture has the whole page, or its upper HEIGHT pixels. Prints a line of JSON: requests of the
page to anything but itself, errors, and colors and widths in the light and dark scheme.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

#: As root Chromium needs --no-sandbox; the others keep it from looking for hosts of its own.
_OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
_STYLE = "({bg: getComputedStyle(document.body).backgroundColor, over: \
document.documentElement.scrollWidth > document.documentElement.clientWidth, \
scripts: document.scripts.length})"


def picture(
    chromium: str, page_file: Path, picture_file: Path, height: int | None = None
) -> dict[str, Any]:
    """Write the picture of a page, and return what the browser saw."""
    requests: list[str] = []
    errors: list[str] = []
    found: dict[str, Any] = {"requests": requests, "errors": errors}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*_OPTIONS])
        for scheme, width in (("light", 980), ("dark", 400)):
            page = browser.new_page(
                viewport={"width": width, "height": height or 700},
                color_scheme=scheme,
                java_script_enabled=True,
            )
            page.on("request", lambda one: requests.append(one.url))
            page.on("console", lambda one: errors.append(one.text))
            page.on("pageerror", lambda one: errors.append(str(one)))
            page.goto(page_file.absolute().as_uri())
            found[scheme] = page.evaluate(_STYLE)
            if scheme == "light":
                page.screenshot(path=str(picture_file), full_page=height is None)
        browser.close()
    found["requests"] = [url for url in requests if url != page_file.absolute().as_uri()]
    return found


def main() -> None:
    """Write a picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("error: Chromium is not installed (Debian: apt-get install chromium)")
    page_file, picture_file, *height = sys.argv[1:]
    seen = picture(chromium, Path(page_file), Path(picture_file), *map(int, height))
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
