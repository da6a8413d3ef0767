"""Scripted user: a deterministic simulated user without a model.

It says the recorded user's messages in their order. One that holds data that the agent asks for
is said first. Without recorded messages it states the facts of the scenario, then asks for the
goal. It never judges an answer: a refusal has the words of the goal too, so it neither claims
that the goal is achieved nor that a stopping criterion is met. Only a model user does.
"""

import re
from collections import Counter
from collections.abc import Sequence

from shared.simulation.conversation import Conversation, Said
from shared.simulation.users.asked_data import asked_index, last_words
from shared.simulation.users.domain import SCRIPT_ENDED, UserBrief, UserMessage
from shared.simulation.users.facts import facts_of, sentences

_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")
#: Message that only greets.
_GREETING = re.compile(
    r"\W*(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings|hallo|guten"
    r" (?:tag|morgen|abend)|hola|buen[oa]s? (?:d[ií]as?|tardes|noches)|bonjour|bonsoir|salut|ciao"
    r"|ol[aá]|there|everyone|team)\b\W*)+|\W*(?:こんにちは|你好|您好|안녕하세요)\W*",
    re.IGNORECASE,
)
#: Sentence added to each message, by a word in the persona.
_MANNERS = {
    "hurry": "Please be brief, I am in a hurry.",
    "impatient": "Please be brief, I am in a hurry.",
    "busy": "Please be brief, I am in a hurry.",
    "angry": "This is taking far too long.",
    "frustrated": "This is taking far too long.",
    "upset": "This is taking far too long.",
    "polite": "Thank you for your help.",
    "friendly": "Thank you for your help.",
}
#: Questions for the goal, in turn; none says whether it was answered.
_GOAL_QUESTIONS = ("What I need is this: {}.", "Once more, this is what I need: {}.")
#: Characters by which a message of the conversation is that of the script: targets cut long ones.
_COMPARED = 500
_ENDED = UserMessage("", SCRIPT_ENDED)


class ScriptedUser:
    """A :class:`~shared.simulation.users.domain.SimulatedUser` without a model.

    With ``is_endless`` it ignores recorded messages, states its facts in their order, and asks
    for the goal until something else ends the conversation. Otherwise its last message is
    empty, with the reason ``SCRIPT_ENDED``.
    """

    version = "scripted-2"
    is_deterministic = True

    def __init__(self, *, is_endless: bool = False) -> None:
        self._is_endless = is_endless

    def next_message(self, brief: UserBrief, conversation: Conversation) -> UserMessage:
        """Return the next message: the same for the same brief and conversation."""
        said = [
            one.text for one in conversation.entries if isinstance(one, Said) and one.role == "user"
        ]
        if self._is_endless:
            return UserMessage(_with_manners(_insisting(brief, said, conversation), brief))
        if any(turn.strip() for turn in brief.recorded_turns):
            return _recorded(brief.recorded_turns, said, last_words(conversation))
        return _stated(brief, said, conversation)


def _recorded(turns: Sequence[str], said: Sequence[str], request: str) -> UserMessage:
    """Return the recorded message that is due."""
    is_greeted = any(map(_GREETING.match, said))
    times = Counter(map(_comparable, said))
    before, left = times.copy(), list[str]()
    for turn in turns:
        if before[_comparable(turn)]:
            before[_comparable(turn)] -= 1
        elif turn.strip() and not (is_greeted and _GREETING.fullmatch(turn)):
            left.append(turn)
    if left:
        return UserMessage(left[_due(request, left)])
    # An agent that asks for what was said is told once more.
    repeatable = [one for one in turns if times[_comparable(one)] == 1]
    asked = asked_index(request, repeatable)
    return _ENDED if asked is None else UserMessage(repeatable[asked])


def _stated(brief: UserBrief, said: Sequence[str], conversation: Conversation) -> UserMessage:
    """Return the opening, then the facts, then the goal twice, then the end."""
    if not said and brief.opening:
        return UserMessage(brief.opening)
    facts = facts_of(brief)
    if not said:
        opening = facts[0] if facts else _goal(brief) or "I need your help."
        return UserMessage(_with_manners(opening, brief))
    told = "\n".join(said)
    left = [fact for fact in facts if fact not in told]
    if left:
        return UserMessage(_with_manners(left[_due(last_words(conversation), left)], brief))
    questions = [one.format(_goal(brief)) for one in _GOAL_QUESTIONS] if _goal(brief) else []
    question = next((one for one in questions if one not in told), None)
    return UserMessage(_with_manners(question, brief)) if question else _ENDED


def _due(request: str, left: Sequence[str]) -> int:
    """Return the index of the message to say now: with the asked-for data, else the first."""
    # The next message is not overtaken where it holds the data itself.
    if asked_index(request, left[:1]) is not None:
        return 0
    return asked_index(request, left) or 0


def _insisting(brief: UserBrief, said: Sequence[str], conversation: Conversation) -> str:
    """Return the sentences of the journey in turn, then a question for the goal."""
    facts, goal, number = sentences(brief.journey), _goal(brief), len(said)
    if number == 0:
        return f"Hello. {facts[0] if facts else goal or 'I need your help.'}"
    # Without a message of its own, the conversation opened with the first fact.
    rest = facts if brief.opening is not None else facts[1:]
    # A question that quotes the user's message is none of the agent's.
    words = last_words(conversation)
    own = words.replace(said[-1], " ") if said[-1] else words
    is_question = own.rstrip().endswith("?")
    if number <= len(rest):
        fact = rest[number - 1]
        return f"To answer that: {fact}" if is_question else f"You should also know: {fact}"
    if goal:
        return _GOAL_QUESTIONS[(number - len(rest) - 1) % 2].format(goal)
    return "Yes, please go on." if is_question else "Is there anything else I should know?"


def _goal(brief: UserBrief) -> str:
    return brief.goal.strip().rstrip(".") if brief.goal else ""


def _with_manners(message: str, brief: UserBrief) -> str:
    words = set(_WORD.findall((brief.persona or "").casefold()))
    manner = next((manner for word, manner in _MANNERS.items() if word in words), None)
    return f"{message} {manner}" if manner else message


def _comparable(text: str) -> str:
    return _SPACE.sub(" ", text).strip()[:_COMPARED]
