"""Request parsing: any phrasing of a request to the words after "the user wants".

"I'd like to change my flight", "Could you change my flight?", "Please change my flight" and
"Is it possible to change my flight?" all become "to change my flight".
"""

import re
from collections.abc import Iterable

from shared.scenarios.text import any_of, word_set

_I = re.IGNORECASE

type _Rule = tuple[re.Pattern[str], str]


def parse_request(text: str) -> str | None:
    """Return the request of a clause, to follow "wants"; None if it has none."""
    text = _HELP_WITHIN.sub(r"\1 ", _FOR_THEM.sub("", text))
    if found := _ASKED.match(text):
        return _of_assistant(found["rest"])
    if found := _TO_DO.match(text):
        return _own(found["rest"])
    if found := _THING.match(text):
        return found["rest"]
    if _HELP.match(text) or (_first(text) in _ORDERS and not _NOUN.match(text)):
        return _of_assistant(text)
    return None


def parse_question(text: str) -> str | None:
    """Return the request of a question; None if it must be quoted."""
    return _expand(_QUESTIONS, text)


def _own(words: str) -> str:
    """Return the request for a verb of the user."""
    return _expand((*_HELPED, _FOR_ME), words) or f"to {words}"


def _of_assistant(words: str) -> str | None:
    """Return the request for a verb of the assistant."""
    if " " not in words:
        return None
    words = _WITH_THAT.sub("", words[:1].lower() + words[1:])
    if expanded := _expand((*_HELPED, *_INFORMED, _FOR_ME), words):
        return expanded
    if (found := _TO_ME.match(words)) and found["verb"] in _PASSIVE:
        return f"to be {_PASSIVE[found['verb']]}{found['rest']}"
    if _first(words) in _SERVICES or _PHRASAL.match(words):
        return f"to {words}"
    return f"the assistant to {words}"


def _expand(rules: Iterable[_Rule], text: str) -> str | None:
    """Return the replacement of the first rule that matches a text."""
    matches = ((pattern.match(text), replacement) for pattern, replacement in rules)
    return next((found.expand(new) for found, new in matches if found), None)


def _first(text: str) -> str:
    return text.partition(" ")[0].lower().rstrip(",")


def _rules(*rules: tuple[str, str]) -> tuple[_Rule, ...]:
    return tuple((re.compile(pattern, _I), replacement) for pattern, replacement in rules)


#: Softeners of a request, without a meaning of their own.
_SOFT = (
    "(?:(?:please|also|just|possibly|maybe|kindly|perhaps|really|still|only|actually|first|then"
    "|now|at least|quickly) )*"
)
_WISHING = any_of(
    "like|love|prefer|want(?:ed)?|need(?:ed)?|wish|hop(?:e|ing)|look(?:ing)?|plan(?:ning)?",
    "intend|trying|calling|writing|contacting you|got|have",
)
_BEING = "(?:'d| would|'m| am| was| were|'ve| have|'ve been| have been)?"
_TO = "(?: (?:i|we|you) (?:can|could)| (?:for (?:me|you|us) )?to) "
#: Phrases before a verb of the user.
_TO_DO = re.compile(
    any_of(
        f"(?:i|we){_BEING} {_SOFT}{_WISHING} {_SOFT}to {_SOFT}",
        "i (?:wanna|gotta) ",
        r"let's (?!see\b)",
        "(?:is it|would it be) (?:also |at all |still )?possible (?:for (?:me|you|us) )?to ",
        f"is there (?:a|any|another|some) (?:other )?(?:way|chance|option){_TO}",
        f"(?:may|can|could) (?:i|we) {_SOFT}",
        f"{_SOFT}go ahead and ",
        "(?:my goal|what i want|all i want|what i need) is to ",
    )
    + "(?P<rest>.+)",
    _I,
)
#: Phrases before a thing.
_THING = re.compile(
    any_of(
        f"(?:i|we)(?:'d| would)? {_SOFT}(?:like|love|prefer|want(?:ed)?|need(?:ed)?) ",
        f"(?:i'm|i am|i was|we're|we are) {_SOFT}(?:looking|searching|hoping|shopping) for ",
    )
    + "(?P<rest>.+)",
    _I,
)
#: Phrases before a verb of the assistant.
_ASKED = re.compile(
    any_of(
        f"(?:can|could|would|will) you {_SOFT}",
        f"do you think you could {_SOFT}",
        f"(?:i|we)(?:'d| would)? {_SOFT}(?:like|want|need)(?: for)? you to {_SOFT}",
        f"(?:please|kindly) {_SOFT}",
    )
    + "(?P<rest>.+)",
    _I,
)
#: "Order ID: …", "Refund to: …": a label, not an order.
_NOUN = re.compile(
    r"\w{1,30}(?: [\w/]{1,30}){0,2}:"
    r"|order (?:id|number|no|details|status|timing|confirmation|is|was|#)\b",
    _I,
)
_WITH_THAT = re.compile(r"help (?:me |us )?(?:out )?with (?:that|this|it|both|these) and ", _I)
_HELP = re.compile(r"(?:help|assist)\b .", _I)
#: Implied phrases: the assistant helps, and it acts for the user.
_HELP_WITHIN = re.compile(r"\b(and|then) (?:help|assist) (?:me|us)(?: to)? ", _I)
_FOR_THEM = re.compile(r" for (?:me|us)(?=$|[,.;]| (?:at|in|on|to|from|with|for)\b)", _I)

_CLAUSE = r"(?:what|which|who|when|where|why|how|if|whether)\b.+"
_HELP_ME = "(?:be able to )?(?:help|assist)(?: me| us)?(?: out)?(?!,)"
_HELPED = _rules(
    (rf"{_HELP_ME} (?P<link>with|in|by|on) (?P<rest>.+)", r"help \g<link> \g<rest>"),
    (rf"{_HELP_ME} (?:to )?(?P<rest>.+)", r"to \g<rest>"),
)
_LET_KNOW = any_of(
    "let (?:me|us) know", "(?:tell|inform|remind) (?:me|us)", "confirm(?: (?:for|to|with) me)?"
)
_INFORMED = _rules(
    (rf"{_LET_KNOW} (?P<rest>about (?:the|my|your|a|an)\b.+)", r"to know \g<rest>"),
    (
        rf"{_LET_KNOW}(?: about| of)? (?P<rest>(?:{_CLAUSE}|(?:the|my|your)\b.+))",
        r"to know \g<rest>",
    ),
    (r"show (?:me|us) (?P<rest>.+)", r"to see \g<rest>"),
    (r"(?:give|get|offer|grant|send|provide) (?:me|us)(?: with)? (?P<rest>.+)", r"to get \g<rest>"),
)
_WONDER = any_of("wonder(?:ed|ing)?", "curious", "don't (?:know|understand)")
_THE = r"(?:the|my|our|their|its|his|her)\b"
_QUESTIONS = _rules(
    (
        rf"(?:i|we){_BEING} (?:(?:also|just|really) )*{_WONDER}(?: about)? (?P<rest>{_CLAUSE})",
        r"to know \g<rest>",
    ),
    (rf"(?:what|which|who)(?:'s| is| are| was| were) (?P<rest>{_THE}.+)", r"to know \g<rest>"),
    (r"is there (?P<rest>(?:a|an|any|another|some|other)\b.+)", r"to know if there is \g<rest>"),
    (r"are there (?P<rest>.+)", r"to know if there are \g<rest>"),
    (r"(?:how|what) about (?P<rest>(?:a|an|the|some|my)\b.+)", r"\g<rest>"),
)
_FINDING = "find|get|book|reserve|make|order|buy|search|schedule|pull up|look up"
#: "find me a table": the person is dropped if a thing follows.
_FOR_ME = _rules(
    (rf"(?P<verb>{_FINDING}) (?:me|us) (?!(?:on|to|in|for)\b)(?P<rest>.+)", r"to \g<verb> \g<rest>")
)[0]
_TO_ME = re.compile(r"(?P<verb>[a-z]+) (?:me|us)\b(?P<rest>.*)", _I)
_REGULAR = word_set("book call connect contact rebook refund sign switch text")
_PASSIVE = {
    **{verb: f"{verb}ed" for verb in _REGULAR},
    **{verb: f"{verb}d" for verb in ("compensate", "downgrade", "move", "reimburse", "upgrade")},
    "email": "e-mailed",
    "notify": "notified",
    "pay": "paid",
    "put": "put",
    "transfer": "transferred",
}
#: Services: the assistant performs them, yet users say that they do.
_SERVICES = word_set(
    """
    activate add apply arrange book buy cancel change choose claim close compare correct create
    deactivate deliver disable downgrade edit enable exchange extend find fix get install keep
    locate make modify move open order pay play postpone purchase push rebook reactivate redeem
    reduce remove renew rent replace report request reschedule reserve reset return schedule
    search secure sell send ship split stop submit switch switching take track transfer unlock
    update upgrade use view withdraw
    """
)
_PHRASAL = re.compile(r"(?:look (?:for|into)|pull up|set up)\b")
#: Verbs at the start of an imperative sentence.
_ORDERS = word_set(
    """
    add apply ask book buy call cancel change check confirm downgrade exchange explain find fix
    get give help include increase locate look lower make order play process provide pull put
    recommend refund remove rent reserve return schedule search send show suggest switch tell
    track transfer try update upgrade use waive
    """
)
