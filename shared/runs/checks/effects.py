"""Effects of tool calls: those that change something, and those that only read.

The name of a tool usually begins with its verb. Where it does not, or in another language than
these, the recording tells: a call that is repeated with the same arguments and answer reads;
otherwise the call counts as a change, so that a check is proposed for it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from shared.core.json import fingerprint
from shared.simulation.conversation import Called

_READS = frozenset(
    """
    analyze ask browse calculate calc check compare compute convert count describe detect diff
    echo estimate evaluate exists explain explore fetch filter find forecast geocode get grep
    has head identify inspect is list load locate look lookup match measure peek ping plan
    predict preview query quote rank read recall recommend resolve retrieve scan search see
    select show stat status suggest summarize tail tell test think translate validate verify
    view wait weather what when where which who abrufen anzeigen buscar chercher consultar lesen
    listar obtener prüfen rechercher suchen
    """.split()  # noqa: SIM905  # a list would take a line a word
)
_WRITES = frozenset(
    """
    accept activate add adjust allow append apply approve archive assign authorize ban bill
    block book buy call cancel change charge claim clear close commit confirm copy create
    deactivate debit decline delete deliver deny deploy disable dispatch drop edit email enable
    enroll escalate exchange execute extend file forward freeze grant handoff hand insert
    install invite invoice issue kill launch lock log make mark merge message modify move mute
    notify open order pause pay play post provision publish purchase push put reboot rebook
    record redeem refund register reject release remove rename renew reopen replace reply report
    request reschedule reserve reset resend restart restore resume return revert revoke rotate
    run save schedule send set share ship sign start stop store submit subscribe suspend swap
    toggle top transfer trigger unblock unlock unsubscribe update upgrade upload upsert void
    withdraw write actualizar ajouter anlegen annuler buchen cancelar crear créer envoyer
    erstellen löschen pagar reservar réserver senden stornieren supprimer ändern überweisen
    """.split()  # noqa: SIM905  # a list would take a line a word
)
#: Words in front of the verb: of frameworks, and of whom a tool belongs to.
_PREFIXES = frozenset(
    """
    a agent api async client do tool user my mcp please try v1 v2 the
    """.split()  # noqa: SIM905  # a list would take a line a word
)
#: Verbs of change that are nouns too, and the words after which they are: `order_status`.
_NOUNS = frozenset(
    """
    bill book call charge claim file invoice issue log message order play post record refund
    report request reserve run schedule share ship stop store transfer
    """.split()  # noqa: SIM905  # a list would take a line a word
)
_REPORTS = frozenset(
    """
    balance by count details detail history info information list lookup number options search
    status summary total
    """.split()  # noqa: SIM905  # a list would take a line a word
)
_HANDOVERS = frozenset({"escalate", "escalation", "handoff", "handover"})
_WORDS = re.compile(r"[^\W\d_]+\d*")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
#: Answer of a framework to a call that failed; of an interpreter, also quoted and assigned.
_FAILED = re.compile(r"""[\s#]*(?:\w+\s*=\s*)?["']?error\s*:""", re.IGNORECASE)


def has_failed(call: Called) -> bool:
    """Check that a call was answered with an error, also one that is a text: ``Error: …``."""
    is_text = isinstance(call.output, str)
    return call.error is not None or (is_text and _FAILED.match(call.output) is not None)


def is_unrecorded(call: Called) -> bool:
    """Check that a recorded world had no answer to a call: its effect is not known."""
    return call.matched == "none"


def hands_over(tool: str) -> bool:
    """Check that a tool's name hands the conversation over to a person."""
    words = set(_words(tool))
    return not words.isdisjoint(_HANDOVERS) or bool(
        words & {"transfer", "forward", "connect"} and words & {"human", "agent", "person", "live"}
    )


def verb_changes(tool: str) -> bool | None:
    """Return whether the verb of a tool's name changes something; None if it has none."""
    words = _words(tool)
    while len(words) > 1 and words[0] in _PREFIXES:
        words.pop(0)
    if words and words[0] in _NOUNS and not _REPORTS.isdisjoint(words[1:]):
        return False
    # The verb is first; `orders.cancel` and `order_cancel` have it last.
    for word in (*words[:1], *words[:0:-1]):
        if word in _WRITES:
            return True
        if word in _READS:
            return False
    return None


def _words(tool: str) -> list[str]:
    return [word.casefold() for word in _WORDS.findall(_CAMEL.sub(" ", tool))]


def changing_tools(calls: Sequence[Called]) -> frozenset[str]:
    """Return the names of the called tools that change something.

    A handover to a person ends the conversation, and is no change.
    """
    tools = {call.tool for call in calls if not hands_over(call.tool)}
    by_verb = {tool: verb_changes(tool) for tool in tools}
    unknown = [call for call in calls if by_verb.get(call.tool, False) is None]
    reading = _repeated_alike(unknown)
    return frozenset(
        tool for tool in tools if by_verb[tool] or (by_verb[tool] is None and tool not in reading)
    )


def _repeated_alike(calls: Iterable[Called]) -> frozenset[str]:
    """Return the tools with calls that were repeated, and answered in the same way."""
    answers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for call in calls:
        answers[call.tool, fingerprint(call.arguments)].append(
            fingerprint([call.output, call.error])
        )
    return frozenset(
        tool for (tool, _), given in answers.items() if len(given) > 1 and len(set(given)) == 1
    )
