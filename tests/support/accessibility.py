"""Findings of axe-core on a page, by the rules of WCAG 2.0 to 2.2, levels A and AA."""

from typing import Any, Literal

from playwright.sync_api import Page

from local.settings import ROOT

_AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = [f"wcag{version}{level}" for version in ("2", "21", "22") for level in ("a", "aa")]
_RUN = """
async (tags) => (await axe.run(document, {
  runOnly: {type: "tag", values: tags}, resultTypes: ["violations"],
})).violations.flatMap(({id, help, nodes}) => nodes.map((node) => ({
  id, help, html: node.html.slice(0, 200), target: node.target.join(" "),
  why: node.failureSummary,
})))
"""
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def findings(page: Page) -> list[str]:
    """Return the violations on a page in the light and in the dark scheme."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text())
    found = []
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        violations: list[dict[str, Any]] = page.evaluate(_RUN, _TAGS)
        found += [_sentence(scheme, one) for one in violations]
    page.emulate_media(color_scheme="light")
    return found


def _sentence(scheme: str, one: dict[str, Any]) -> str:
    why = " ".join(one["why"].split())
    return f"{one['id']} ({scheme}): {one['help']}: {one['target']}: {one['html']}: {why}"
