"""Picture of an HTML page in Chromium.

    python -m local.page_picture PAGE PICTURE [HEIGHT]

The picture has the whole page, or its upper HEIGHT pixels. Prints a line of JSON: requests of the
page to anything but itself, errors, and colors and widths in the light and dark scheme.
"""

import json
import sys
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, sync_playwright

from local.chromium import CHROMIUM, MISSING, launch

_STYLE = "({bg: getComputedStyle(document.body).backgroundColor, over: \
document.documentElement.scrollWidth > document.documentElement.clientWidth, \
scripts: document.scripts.length})"
_SCHEMES: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 980), ("dark", 400))


def picture(
    browser: Browser, page_file: Path, picture_file: Path, height: int | None = None
) -> dict[str, Any]:
    """Write the picture of a page, and return what the browser saw."""
    requests: list[str] = []
    errors: list[str] = []
    found: dict[str, Any] = {"errors": errors}
    for scheme, width in _SCHEMES:
        page = browser.new_page(
            viewport={"width": width, "height": height or 700}, color_scheme=scheme
        )
        page.on("request", lambda one: requests.append(one.url))
        page.on("console", lambda one: errors.append(one.text))
        page.on("pageerror", lambda one: errors.append(str(one)))
        page.goto(page_file.absolute().as_uri())
        found[scheme] = page.evaluate(_STYLE)
        if scheme == "light":
            page.screenshot(path=str(picture_file), full_page=height is None)
        page.close()
    return found | {"requests": [one for one in requests if one != page_file.absolute().as_uri()]}


def main() -> None:
    """Write a picture."""
    if CHROMIUM is None:
        sys.exit(f"error: {MISSING}")
    page_file, picture_file, *height = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = launch(playwright)
        seen = picture(browser, Path(page_file), Path(picture_file), *map(int, height))
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
