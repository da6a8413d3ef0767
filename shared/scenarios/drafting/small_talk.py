"""Small talk: messages without a goal.

Thanks, confirmations, promises to look something up, identifiers and names for
identification, and requests for help with the previous message.
"""

import re

from shared.scenarios.text import any_of


def is_small_talk(text: str) -> bool:
    """Check whether a clause can be dropped from the goal."""
    return _SMALL_TALK.match(text) is not None or _IDENTITY.search(text) is not None


def is_about_conversation(request: str) -> bool:
    """Check whether a request concerns the conversation itself, not its goal."""
    return _ABOUT_CONVERSATION.match(request) is not None


_THANKS = any_of(
    r"(?:i (?:really |do )?)?(?:appreciate|thank|apologi[sz]e)\b",
    r"(?:many )?thanks\b",
    r"(?:i'm|i am) (?:really |so |very )?(?:sorry|afraid)\b",
    r"(?:you too|take care|have a|bye|goodbye|talk soon|see you|welcome)\b",
    r"you(?:'re| are)\b",
)
_AGREEMENT = any_of(
    r"(?:please )?(?:go ahead|proceed|continue|confirm(?:ed)?|do (?:it|that|so))\b(?! and\b)",
    r"i(?:'d| would)? (?:like|want) to (?:proceed|go ahead|continue)\b",
    r"(?:i (?:do|agree|confirm|understand|see|know|think so|guess)|i'm (?:good|sure|ready))\b",
    r"(?:that|this|it|which|those|these|everything)"
    r"(?:'?s| is| are| was| were| all)?(?: all| just| also)?"
    r" ?(?:works?|sounds?|looks?|would (?:be|do|work)|will (?:be|do|work)|all|it|right|correct"
    r"|fine|good|great|perfect|wonderful|okay|ok|an? useful|unfortunate|everything|what i"
    r"|enough|helps?)\b",
    r"(?:that|this|the|which) [\w-]+(?: one)? (?:works?|sounds?|will (?:be fine|do|work)"
    r"|would (?:be fine|do|work)|is (?:fine|good|great|perfect|okay|ok))\b",
    r"(?:no,? )?i (?:don't|do not|won't) (?:need|want)\b[^.;]{0,40}"
    r"\b(?:right now|now|yet|today|at (?:the|this) (?:moment|time)|for the moment)$",
    r"(?:sounds?|looks?) (?:good|great|fine|right|perfect|all)\b",
    r"i (?:don't|do not) need (?:anything|more)\b",
    r"(?:anything|something|nothing|what) else\b",
    r"(?:not now|no more|none)$",
)
_PROMISE = any_of(
    r"i(?:'ll| will| must|'m going to)(?: \w+ly| just| still| try to| have to)?"
    r" (?:try|check|see|find|look|get|reach|provide|gather|do|be|make|let|keep|wait|work|handle"
    r"|think|contact|call|note|definitely)\b",
    r"i(?:'m| am) (?:still )?(?:checking|trying to (?:find|locate)"
    r"|looking for (?:it|that|my \w+ id))\b",
    r"i(?:'ve| have)? (?:just )?"
    r"(?:found|realized|realised|noticed|checked|managed|must have)\b",
    r"(?:order|user|account|reservation|booking|customer) (?:id|number)\b[^.?]{0,20}\bi\b",
    r"i (?:hope|thought|believe|suppose|wish there)\b",
    r"i can (?:share|provide|give|confirm|send|pull|look|check|wait|hold)\b",
    r"let (?:me|us) know (?:what|which|if|when|how)\b.{0,40}\byou(?:'d)? (?:\w+ )?need\b",
)
_NEXT_STEP = any_of(
    r"(?:can|could|would|will|are) (?:you|we|anything)(?: be| be able to| able to)?"
    r"(?: please| possibly)?"
    r" (?:help|assist|done?|proceed|handle|check again|try again|look (?:it|that|those|them) up"
    r"|hold on|wait|start|begin|move forward|still proceed)\b"
    r"(?:(?: me| out| us)*(?: (?:with|on|to do) (?:that|this|it|these|those))?)"
    r"(?: (?:for me|now|first|then|quickly))*$",
    r"(?:what|which|is there|do|does)\b[^.?!]{0,40}"
    r"\b(?:you (?:need|require)|needed) (?:from me|to (?:look|pull|find|get|verify|start|begin))",
    r"what (?:do|else do|information do|details do) you need\b",
    r"(?:does|did|is|would|will|how does|how do|how should|what should|do) "
    r"(?:that|this|it|we|i)(?: all)?"
    r" (?:help|work|sound|proceed|ok|okay|make sense|do|go|correct|right)\b",
)
_SMALL_TALK = re.compile(any_of(_THANKS, _AGREEMENT, _PROMISE, _NEXT_STEP), re.IGNORECASE)

_DATA = r"(?:e-?mail|name|zip|postal|user id|phone|date of birth|<[A-Z_]{2,20}_\d+>)"
_THAT = "(?:that|this|it|these|those|them|both|everything|all of (?:this|that|it))"
_ABOUT_CONVERSATION = re.compile(
    any_of(
        r"(?:the assistant )?to (?:verify|authenticate|identify) (?:me|my (?:account|identity))\b",
        rf"(?:the assistant )?to (?:look|pull|bring)(?: up)? (?:me|{_THAT}|(?:my|the|both)"
        r" (?:\w+ ){0,2}(?:account|profile|orders?|reservations?|bookings?|details|information))"
        r"(?: up)?\b(?! (?:and|then)\b)",
        rf"(?:the assistant )?to (?:use|try|take|check|confirm)\b[^,;.]{{0,24}}\b{_DATA}",
        r"(?:the assistant )?to (?:try|use|search)\b[^,;.]{0,24}<[A-Z_]{2,20}_\d+>",
        rf"(?:the assistant )?to (?:get|set|sort|work|figure|have|do|handle|straighten|fix) {_THAT}"
        r"(?: (?:all|two|both))?(?: (?:out|up|going|started|done|handled|sorted|moving|resolved"
        r"|fixed|set up|taken care of))?(?: (?:quickly|fast|today|now|soon|asap|right))?$",
        r"to (?:move|act|go|be) (?:quickly|fast)\b",
        r"to make sure (?:we|i|you) (?:get|have)\b",
        r"(?:your|the assistant's) help(?: \w+)?$",
        r"not to (?:type|share|read|reveal|repeat|retype|spell)\b",
        r"to know (?:what|which)\b[^.;]{0,40}\byou(?:'ll)? need\b",
        r"(?:the assistant )?to (?:hurry|let me think|give me a (?:moment|minute|second))\b",
    ),
    re.IGNORECASE,
)

_ID = any_of(
    "ids?|numbers?|codes?|names?|e-?mail(?: address)?|address",
    "birthday|date of birth|dob|zip|pin|passcode",
)
#: "My address is wrong" states a problem, "my address is …" an address.
_NOT_A_VALUE = (
    "(?:wrong|incorrect|not|no longer|out of date|outdated|old|missing|misspelled|showing|locked)"
)
_GIVEN = (
    r"<(?:NAME|EMAIL|PHONE|CARD|ACCOUNT|POSTAL_CODE|DATE_OF_BIRTH|USER_ID|ID_NUMBER|SECRET)_\d+>"
)
_IDENTITY = re.compile(
    any_of(
        rf"^(?:it's |i'm )?(?:my|the|our)? ?(?:[\w']+ ){{0,3}}{_ID}(?:,? [^,]{{0,30}},?)? "
        rf"(?:is|are|should be|will be)\b(?! {_NOT_A_VALUE})",
        r"^(?:i'm|i am|it's|this is|it is) [\w.@+-]*[\d_@][\w.@+-]*$",
        # Placeholders with hardly any words between them.
        rf"^(?:(?:it's|it is|i'm|i am|this is) )?{_GIVEN}(?:[,;]? (?:\w+ ){{0,4}}{_GIVEN})*$",
        r"^i(?:'m| am) (?:still )?not (?:entirely |really |quite )?"
        r"(?:sure|certain) (?:about|of|what)\b",
        r"^i (?:don't|do not|can't|cannot|couldn't) (?:actually |currently |really )?"
        rf"(?:have|remember|recall|find|know)\b.*\b(?:{_ID}|it|that|details|information|with me)\b",
        r"^i(?:'ve| have)?(?: got| found| have| remember)? "
        rf"(?:it|everything|that|(?:the|my|a) (?:\w+ ){{0,2}}{_ID})\b",
    ),
    re.IGNORECASE,
)
