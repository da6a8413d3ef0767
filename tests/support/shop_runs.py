"""Two runs of a shop's scenarios, of which the second has changes of each kind."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.relayed_words import new_scenario, post, relayed_run

type Json = dict[str, Any]

#: Markup, a script, and a character that turns the direction of what follows.
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script> \u202egnol'
REFUND = "Refund of a lamp"
#: Scenarios by their names: words of the user, and words that the agent must say.
SHOP = {
    "Greeting": ("Hello, I need help.", "help"),
    "Discount code": ("Can I have a discount?", "code"),
    "Late order": ("Where is my order?", "late"),
    REFUND: ("My lamp arrived broken. I want my money back.", "refunded"),
}
#: Words of the agent for each repeat, in the order of ``SHOP``.
FIRST = [
    ["How can I help?"] * 3,
    ["No."] * 3,
    ["It is late; it arrives on Tuesday."] * 3,
    ["I have refunded $1,059.", "I am sorry to hear that.", "I have refunded $1,059."],
]
SECOND = [
    ["How can I help?"] * 3,
    ["Your code is WELCOME."] * 3,
    [f"{HOSTILE} Please wait."] * 3,
    ["I am sorry to hear that."] * 3,
]


@dataclass(frozen=True, slots=True)
class Library:
    """Scenarios and an agent to run them against."""

    hostile: str
    shop: dict[str, str]
    agent: str

    @property
    def refund(self) -> str:
        return self.shop[REFUND]


def new_library(http: httpx.Client) -> Library:
    """Create the scenarios, those of the shop last, and the agent."""
    agent = {"name": f"Echo {HOSTILE}", "system_prompt": "You help."}
    return Library(
        hostile=new_scenario(http, HOSTILE, "Hello", _says("hello"), tag=HOSTILE),
        shop={
            name: new_scenario(
                http, name, words, _says(wanted), {"type": "max_turns", "max": 3}, tag="shop"
            )
            for name, (words, wanted) in SHOP.items()
        },
        agent=str(post(http, "/v1/agents", agent)["id"]),
    )


def two_shop_runs(http: httpx.Client, library: Library) -> tuple[Json, Json]:
    """Run the shop's scenarios with ``FIRST``, then with ``SECOND`` and the first as baseline."""
    earlier = _run(http, library, FIRST, name="Version 1")
    return earlier, _run(http, library, SECOND, name="Version 2", baseline_run_id=earlier["id"])


def _run(http: httpx.Client, library: Library, answers: list[list[str]], **fields: Any) -> Json:
    said = [words for words, _ in SHOP.values()]
    words = dict(zip(said, answers, strict=True))
    return relayed_run(http, words, scenario_ids=list(library.shop.values()), **fields)


def _says(text: str) -> Json:
    return {"type": "says", "text": text}
