"""Words of conversation in 14 languages: courtesies, fillers, changes of mind, requests.

The intent goes by the structure of a conversation; ``languages.json`` has what structure does not
show. Its phrases are patterns separated by ";". Those of languages without spaces are matched
within a text.
"""

import re
from pathlib import Path
from typing import Any

from shared.core.json import loads_strict
from shared.scenarios.text import word_set

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_WORDS: dict[str, Any] = loads_strict(Path(__file__).with_suffix(".json").read_bytes())


def _pattern(kind: str, form: str = "(?:{})") -> re.Pattern[str]:
    """Return the pattern of the phrases of a kind, longest first."""
    phrases = sorted(filter(None, " ".join(_WORDS[kind]).replace(" ;", ";").split(";")), key=len)
    parts = [one if _UNSPACED.search(one) else rf"(?<!\w){one}(?!\w)" for one in phrases[::-1]]
    return re.compile(form.format("|".join(parts)), re.IGNORECASE)


#: Words of greetings, thanks, agreement and farewell: a sentence of nothing else says nothing.
COURTESY = word_set(" ".join(_WORDS["courtesy"]))
#: Hesitations, anywhere in a sentence.
HESITATION = _pattern("hesitation", r"[,\s]{{0,3}}(?:{})(?=[\s,.!?]|$),?")
#: Words before a sentence that add nothing to it.
FILLER = _pattern("filler", r"(?:{})[\s,.!:;\u2014\u3001\uff0c\u3002\uff01-]*")
#: Thanks: a clause that begins with it says nothing.
THANKS = _pattern("thanks")
#: Change of mind in a sentence.
CHANGE = _pattern("change")
#: Withdrawal of what is named next to it.
WITHDRAWN = _pattern("withdrawn")
#: A name given before, and the order to change it.
NAMED, RENAMED = _pattern("named"), _pattern("renamed")
#: Phrases before the object of a wish.
LEAD = _pattern("lead", r"(?:(?:{})[\s,]*)+")
#: Frames of a goal that is a lone question, by function words or letters of its language.
QUESTIONS = [(re.compile(words, re.IGNORECASE), frame) for words, frame in _WORDS["questions"]]
