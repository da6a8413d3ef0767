"""What the user wants, in a few plain sentences about the user.

The goal is often said after a greeting, in pieces, and changed on the way. So what tells
about it is collected from all turns, what is said again is dropped, and the rest is told
in the order in which it was said, the weightiest first when not all of it fits.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from shared.scenarios.clauses import Clause, Form, Weight, clauses_of
from shared.scenarios.text import cleaned, cut, one_line, sentences, shortened, word_set
from shared.scenarios.third_person import third_person

#: Characters (the contract's limit).
MAX_INTENT = 500
#: Characters of one clause in the intent: one that rambles leaves room for the others.
_MAX_CLAUSE = 240
#: Turns looked at from the beginning and from the end of a conversation.
_TURNS = 100
#: Clauses compared with one another: their number is what the time goes with, squared.
_CLAUSES = 120


def telling_turns(turns: Sequence[str]) -> list[str]:
    """Return the turns that are looked at for the goal, over-long ones shortened."""
    if len(turns) > 2 * _TURNS:
        turns = [*turns[:_TURNS], *turns[-_TURNS:]]
    return [shortened(turn) for turn in turns]


def goal_of(turns: Sequence[str]) -> list[Clause]:
    """Return the clauses of these turns that the intent consists of, in order."""
    told = [clauses_of(turn) for turn in turns]
    opening = next((n for n, of in enumerate(told) if any(map(_tells_goal, of))), -1)
    found = [
        replace(clause, opening=number <= opening)
        for number, of in enumerate(told)
        for clause in of
    ]
    found = [replace(clause, words=cut(clause.words, _MAX_CLAUSE)) for clause in found[:_CLAUSES]]
    return _fitting(_without_vague(_without_repeated(found)))


def intent_of(turns: Sequence[str], goal: list[Clause], headline: Clause | None = None) -> str:
    """Return the intent (1 to 500 characters) of a user who said these turns.

    ``headline`` says in short what they wanted, where something else than they tells it.

    Where no rule recognised a goal, as in other languages, the user's own first words are
    quoted.
    """
    if headline is not None:
        details = [clause for clause in goal if not _says_no_more(clause, headline)]
        told = _told_in_sentences(_fitting([headline, *details]))
        # What follows says which: it is not wanted as well.
        return told.replace(". They also want ", ". They want ", 1)
    return _told_in_sentences(goal) if goal else _quoted(turns)


def _says_no_more(clause: Clause, headline: Clause) -> bool:
    """Tell whether a want is in the headline; "one way" is in "oneway"."""
    told = headline.words.lower()
    return clause.form is Form.WANTS and all(
        word in told or word in _SEEKING for word in _content(clause)
    )


def _without_repeated(clauses: list[Clause]) -> list[Clause]:
    """Drop what an earlier or a later clause says as well."""
    kept: list[Clause] = []
    for clause in clauses:
        words = _content(clause)
        if not words:
            continue
        known = set().union(*map(_content, kept)) if kept else set()
        new = words - known
        replaced = [o for o in kept if o.weight <= clause.weight and _content(o) <= words]
        detailed = new and any(_content(other) <= words for other in kept)
        if not (detailed or (new and clause.changes) or len(new) > len(words) * _REPEATED):
            continue
        # What is said again with more detail takes the place of what was said first.
        kept = [other for other in kept if other not in replaced]
        kept.append(replace(clause, opening=clause.opening or any(map(_opens, replaced))))
    return kept


def _opens(clause: Clause) -> bool:
    return clause.opening


def _without_vague(clauses: list[Clause]) -> list[Clause]:
    """Drop "make a change to my booking" where another clause says which change."""
    telling = [clause for clause in clauses if not _vague(clause)]
    return telling if any(c.weight is Weight.WANT for c in telling) else clauses


def _vague(clause: Clause) -> bool:
    words = set(_WORD.findall(clause.words.lower()))
    return bool(words & _VAGUE_VERBS) and words <= _VAGUE_VERBS | _VAGUE_WORDS | _EMPTY


def _tells_goal(clause: Clause) -> bool:
    return clause.weight is Weight.WANT and not _vague(clause)


def _rank(clause: Clause) -> int:
    """Tell how much a clause is worth: what a user opens with is what they came for."""
    if clause.weight is Weight.WANT:
        return _OPENING_WANT if clause.opening else _CHANGE if clause.changes else _LATER_WANT
    opens = clause.opening and clause.weight is Weight.STATEMENT
    return _CHANGE if opens else clause.weight


def _fitting(clauses: list[Clause]) -> list[Clause]:
    """Choose, by weight and then by order, what fits the limit; the order stays.

    A want comes first, whatever was said before it. Of questions only a few are kept, and
    those that come later only if they speak of the user: the others are about what is
    offered on the way, not what the user came for.
    """
    clauses = [clause for clause in clauses if not _asks_on_the_way(clause)] or clauses
    first = next((c for c in clauses if c.weight is Weight.WANT), None)
    if first is not None:
        clauses = [first, *(clause for clause in clauses if clause is not first)]
    chosen: list[int] = []
    questions = 0
    for place in sorted(range(len(clauses)), key=lambda place: (-_rank(clauses[place]), place)):
        clause = clauses[place]
        if clause.form is Form.ASKS and questions == _QUESTIONS:
            continue
        attempt = sorted([*chosen, place])
        if len(_told_in_sentences([clauses[i] for i in attempt])) <= MAX_INTENT:
            chosen = attempt
            questions += clause.form is Form.ASKS
    return [clauses[place] for place in chosen]


def _asks_on_the_way(clause: Clause) -> bool:
    return (
        clause.form is Form.ASKS
        and not clause.opening
        and _OF_THEMSELVES.search(clause.words) is None
    )


def _told_in_sentences(clauses: list[Clause]) -> str:
    """Write the clauses as sentences; wants that follow one another share one."""
    written: list[str] = []
    joined = 0
    for place, clause in enumerate(clauses):
        before = clauses[place - 1] if place else None
        shares = before is not None and before.form is clause.form is Form.WANTS
        if shares and place > 1 and not clause.changes and joined < _JOINED:
            written[-1] = f"{written[-1][:-1]}; {third_person(clause.words)}."
            joined += 1
        else:
            written.append(_sentence(clause, first=place == 0))
            joined = 1
    return " ".join(written)


def _sentence(clause: Clause, *, first: bool) -> str:
    words = third_person(clause.words)
    if clause.form is Form.ASKS:
        return f"{'The user asks' if first else 'They ask'}: \u201c{clause.words}\u201d"
    if clause.form is Form.TELLS:
        if first:
            words = words if _ACRONYM.match(words) else words[:1].lower() + words[1:]
            return f"The user says that {words}."
        return words[:1].upper() + words[1:] + "."
    if first:
        return f"The user wants {words}."
    return f"They {'then' if clause.changes else 'also'} want {words}."


def _quoted(turns: Sequence[str]) -> str:
    """Quote the first turn that is more than a word or two, or else the first."""
    plain = [text for turn in turns if sentences(text := one_line(cleaned(turn)))]
    plain = plain or [text for turn in turns if (text := one_line(turn))]
    first = next((text for text in plain if len(text) > _GREETING), plain[0])
    opening = "The user says: \u201c"
    return opening + cut(first, MAX_INTENT - len(opening) - 1) + "\u201d"


def _content(clause: Clause) -> frozenset[str]:
    """Return the words of a clause that carry its meaning, without endings."""
    words = set(_WORD.findall(clause.words.lower())) - _EMPTY
    return frozenset(_ENDING.sub("", word) for word in words)


#: Ranks of clauses above the weight of a statement.
_OPENING_WANT, _CHANGE, _LATER_WANT = 6, 5, 4
#: Share of its words that a clause must add to those before it.
_REPEATED = 0.34
#: Wants in one sentence, and questions in all, at most.
_JOINED = 3
_QUESTIONS = 2
#: Characters that a greeting in any language hardly exceeds.
_GREETING = 12
_OF_THEMSELVES = re.compile(r"\b(?:i|i'm|i'd|i've|me|my|we|our|us)\b", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Z]{2}")
_WORD = re.compile(r"[\w$%'-]+")
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|es|s)$|'s$")
#: Words without a meaning of their own here.
_EMPTY = word_set(
    """
    a about again all also am an and any are as at be been but by can could do does don't for
    from get had has have he help her him i i'd i'll i'm if in into is it its just let like may
    me more my need not now of on or our out please really she should so some that the their
    them then there these they this those to too try up us use want was we well were what when
    where which who will with would you your assistant know look find going go see
    """
)
#: What a user says for searching and for booking, whatever the tool is called.
_SEEKING = frozenset({"book", "get", "make", "reserve", "reservation", "search", "check", "want"})
_VAGUE_VERBS = word_set(
    "adjust assistance change changes do edit help modify requests take things update updates"
)
_VAGUE_WORDS = word_set(
    """
    make made upcoming few booking flight flights issue order orders problem question request
    reservation reservations something thing things trip account recent current details
    assistance a couple two three several both care done first quickly purchase purchases
    """
)
