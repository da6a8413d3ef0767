"""Intent: the user's goal in the user's own words and language.

The opening, then what later messages change or add. What a later message withdraws leaves, and
the last change is always there. If not all fits, sentences are selected by the words that they
bring into the conversation and that the assistant takes up.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from shared.core.json import as_text
from shared.scenarios.drafting.languages import NAMED, QUESTIONS, RENAMED, WITHDRAWN
from shared.scenarios.drafting.utterances import (
    CLAUSE,
    DIGIT,
    PLACEHOLDER,
    Utterance,
    content_words,
    extract_utterances,
    strip_courtesies,
)
from shared.scenarios.library.domain import MAX_INTENT
from shared.scenarios.text import MAX_TURN, clean, collapse_spaces, shorten, truncate
from shared.sessions.transcript import AssistantSaid, ToolCalled, Transcript, UserSaid

#: Messages of the user that are analyzed, from the start and from the end of a conversation.
_TURNS = 100
#: Characters of one sentence, so that a long one leaves room for others.
_MAX_SENTENCE = 300
#: Words after a withdrawal that name what is withdrawn.
_NEAR = 4
#: Words beside a placeholder in a sentence that only identifies the user.
_IDENTIFICATION = 6


def extract_goal(transcript: Transcript, redact: Callable[[str], str]) -> list[Utterance]:
    """Return the sentences that make up the goal, in order: the opening ones, then the others."""
    heard, taken_up = _exchange(transcript, redact)
    goal = _without_withdrawn(_substantial(heard, taken_up))
    opening = goal[0].turn if goal else 0
    last = max((n for n, one in enumerate(goal) if one.changes), default=0)
    ranks = (
        (n not in (0, last), one.turn != opening, not one.changes, -len(one.words & taken_up), n)
        for n, one in enumerate(goal)
    )
    selected: list[int] = []
    for *_, index in sorted(ranks):
        attempt = sorted([*selected, index])
        if len(render_intent([goal[i] for i in attempt])) <= MAX_INTENT:
            selected = attempt
    return [goal[index] for index in selected]


def render_intent(goal: Iterable[Utterance]) -> str:
    """Return the goal as sentences; a short answer is a detail of the sentence before it."""
    sentences: list[str] = []
    for one in goal:
        if one.answer and sentences:
            text, end, detail = sentences[-1][:-1], sentences[-1][-1], one.text.rstrip(".\u3002")
            text = f"{text[:-1]}, {detail})" if text.endswith(")") else f"{text} ({detail})"
            sentences[-1] = text + end
        else:
            sentences.append(one.text)
    if len(sentences) == 1 and sentences[0].endswith(("?", "\uff1f", "\u061f")):
        hits = [len(words.findall(sentences[0])) for words, _ in QUESTIONS]
        frame = QUESTIONS[hits.index(max(hits))][1] if any(hits) else "\u201c{}\u201d"
        return truncate(frame.format(sentences[0]), MAX_INTENT)
    return " ".join(sentences).replace("\u3002 ", "\u3002")


def quote_opening(transcript: Transcript, redact: Callable[[str], str]) -> str:
    """Return the first message with a letter or digit, for a user who states no goal."""
    turns = [redact(shorten(turn)) for turn in transcript.user_turns()[:_TURNS]]
    spoken = [text for turn in turns if re.search(r"\w", text := collapse_spaces(clean(turn)))]
    return truncate((spoken or turns)[0], MAX_INTENT)


def _exchange(
    transcript: Transcript, redact: Callable[[str], str]
) -> tuple[list[Utterance], frozenset[str]]:
    """Return the user's sentences, and the words that the assistant takes up from the user.

    Words that the assistant said first are not taken up.
    """
    turns = [n for n, entry in enumerate(transcript.entries) if isinstance(entry, UserSaid)]
    analyzed = {*turns[:_TURNS], *turns[-_TURNS:]}
    heard: list[Utterance] = []
    said, users, taken_up = (set[str]() for _ in range(3))
    asked = False
    for number, entry in enumerate(transcript.entries):
        if isinstance(entry, UserSaid) and number in analyzed:
            text = redact(shorten(entry.text))
            found = extract_utterances(text, number, answers=asked and bool(heard))
            heard += [replace(one, text=truncate(one.text, _MAX_SENTENCE)) for one in found]
            users.update(*(one.words - said for one in found))
        elif isinstance(entry, AssistantSaid | ToolCalled) and len(said) < MAX_TURN:
            text = entry.text if isinstance(entry, AssistantSaid) else as_text(entry.arguments)
            asked = isinstance(entry, AssistantSaid) and "?" in text[:MAX_TURN]
            words = content_words(text[:MAX_TURN])
            taken_up |= words & users
            said |= words
    return heard, frozenset(taken_up)


def _substantial(heard: list[Utterance], taken_up: frozenset[str]) -> list[Utterance]:
    """Drop identification, repetitions, and remarks that the assistant does not take up."""
    found: list[Utterance] = []
    known: set[str] = set()
    for one in map(_without_identification, heard):
        repeats = one.words <= known and not one.changes and not (one.answer and one.words)
        chats = one.chatty and not one.words & taken_up
        if one.text and not (repeats or (chats and found and one.turn != found[0].turn)):
            found.append(one)
            known |= one.words
    return found


def _without_identification(one: Utterance) -> Utterance:
    """Drop the clauses that are hardly more than a name, an id or an address of the user."""
    clauses = CLAUSE.split(one.text)
    kept = [
        clause
        for clause in clauses
        if (rest := PLACEHOLDER.sub("", clause)) == clause
        or rest.count(" ") > _IDENTIFICATION
        or DIGIT.search(rest)
    ]
    return one if kept == clauses else replace(one, text=strip_courtesies(" ".join(kept)))


def _without_withdrawn(heard: list[Utterance]) -> list[Utterance]:
    """Drop what later sentences withdraw, replace or say as a whole."""
    kept: list[Utterance] = []
    for one in heard:
        withdrawn = _withdrawn_words(one.text)
        if withdrawn or one.changes:
            renames = RENAMED.search(one.text) is not None
            reduced = (_reduce(old, one, withdrawn, renames=renames) for old in kept)
            kept = [left for left in reduced if left is not None]
        kept.append(one)
    return kept


def _withdrawn_words(text: str) -> frozenset[str]:
    """Return what a sentence withdraws: the words of a short clause, or those that follow."""
    words: frozenset[str] = frozenset()
    for clause in CLAUSE.split(text):
        if found := WITHDRAWN.search(clause):
            near = " ".join(clause[found.end() :].split()[:_NEAR])
            words |= content_words(near if clause.count(" ") > _NEAR else clause)
    return words


def _reduce(
    old: Utterance, change: Utterance, withdrawn: frozenset[str], *, renames: bool
) -> Utterance | None:
    """Return what is left of a sentence after a change of mind; None if nothing is."""
    if not (renames or old.words & withdrawn or (old.words and old.words <= change.words)):
        return old
    clauses = CLAUSE.split(old.text)
    kept = [one for one in clauses if not content_words(one) & withdrawn]
    if renames and (named := NAMED.search(old.text)):
        kept = [old.text[: named.start()]]
    if kept == clauses and not (old.words and old.words <= change.words):
        return old
    text = strip_courtesies(" ".join(kept))
    words = content_words(text)
    if words <= change.words and not (renames and text):
        return None
    return replace(old, text=text, words=words)
