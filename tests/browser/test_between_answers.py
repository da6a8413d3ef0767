"""Users who are faster than the API: nothing is lost, done twice, or done to an older state."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import ConsolePage, Organization

#: Chooses options of two fields before the page is drawn again.
CHOOSE_BOTH = """([one, other]) => {
  for (const [label, value] of [one, other]) {
    const field = document.querySelector(`select[aria-label="${label}"]`);
    field.value = value;
    field.dispatchEvent(new Event("change", {bubbles: true}));
  }
}"""


def _post(organization: Organization, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = organization.http.post(path, json=body).raise_for_status().json()
    return answer


def _session(organization: Organization, title: str, **body: Any) -> str:
    created = _post(organization, "/v1/agents", {"name": "Desk", "system_prompt": "Be brief."})
    body = {"agent_id": created["id"], "title": title} | body
    return str(_post(organization, "/v1/sessions", body)["id"])


def test_filters_keep_all_changes_and_what_is_written_meanwhile(
    console_page: ConsolePage, organization: Organization
) -> None:
    _session(organization, "Filtered")
    page = console_page("sessions")
    expect(page.get_by_role("link", name="Filtered")).to_be_visible()

    page.evaluate(CHOOSE_BOTH, [["Kind", "agent"], ["Status", "open"]])
    expect(page).to_have_url(re.compile(r"kind=agent&status=open"))
    # The keys of a day are pressed one by one.
    page.get_by_label("From").press_sequentially("11052020")
    expect(page).to_have_url(re.compile("from=2020-11-05"))
    expect(page.get_by_label("From")).to_have_value("2020-11-05")

    words = page.get_by_role("searchbox")
    words.fill("Filt")
    written = """(field) => {
      field.form.requestSubmit();
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set
        .call(field, "Filtered by more words");
      field.dispatchEvent(new Event("input", {bubbles: true}));
    }"""
    words.evaluate(written)
    expect(page).to_have_url(re.compile("search=Filt$|search=Filt&"))
    expect(page.get_by_role("link", name="Filtered")).to_be_visible()
    expect(words).to_have_value("Filtered by more words")
    page.get_by_role("button", name="Show all").click()
    expect(words).to_have_value("")
    expect(page.get_by_label("Kind")).to_have_value("")
