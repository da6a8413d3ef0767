"""Positions in a sentence: where a person is expected, and where only a thing can stand."""

import re

from shared.scenarios.redaction.names.person_names import PARTICLES, ROLES, WORD, fold
from shared.scenarios.text import any_of, word_set

#: Greetings, titles and roles, after which even one word is a name.
_ADDRESSED = re.compile(
    r"\b(?:(?:hi|hello|hey|dear|thanks|thank you|sorry|named?|name is|i'm|i am|this is|passenger"
    r"|customer|friend|neighbou?r|contact|wife|husband|danke|merci|gracias|grazie|obrigad[oa]"
    r"|dziękuję|спасибо|teşekkürler|lg|vg|mfg)[,.:]?|(?:mr|mrs|ms|miss|dr|frau|herrn?|madame"
    r"|monsieur|señora?|signora?|mevrouw|meneer|pani?)\.?)\s*$",
    re.IGNORECASE,
)
#: Prepositions of persons rather than of places, roles, and verbs of who speaks.
_PERSON_BEFORE = re.compile(
    rf"\b(?:{any_of(*sorted(ROLES))}|"
    r"by|cc|with|assigned to|boss|manager|supervisor|mit|an|von|durch|kollege|für|per|avec|par"
    r"|pour|chef|patron|con|por|jefe|jefa|para|com|chefe|capo|met|door|voor|baas|z|ze|przez|dla"
    r"|szef|szefowa|odebrał|odebrała|с|со|у|для|начальник|начальница|получил|получила|müdürüm"
    r"|ile|dün|patronum|aquí|aqui|aqui é|qui|hier|ici|hij|tu|это|ben|soy|sono|sou|parla|habla"
    r"|fala|mówi|говорит)[,.:]?\s*$",
    re.IGNORECASE,
)
#: Articles and possessives: a thing follows, never a person's name.
_ARTICLE = any_of(
    *sorted(
        word_set(
            """
    the an my our your its new der die das den dem ein eine einen einem einer mein meine meinen
    meinem meiner unser unsere unseren unserem unserer neuen neue neuer le la les un une mon ma mes
    notre nos votre el los las una mi mis nuestro nuestra il lo gli uno mio mia miei nostro nostra
    meu minha um uma nosso nossa het een mijn ons onze mój moja moją moje nasz nasza мой моя мою
    моё мое наш наша нашу bir
    """
        )
    )
)
#: Words of an English text, in which "a" is an article.
_ENGLISH = re.compile(r"\b(?:the|i|my|is|was|you|and|for|we|it)\b", re.IGNORECASE)
_THING_BEFORE = re.compile(rf"(?<!\w)(?:{_ARTICLE}) $", re.IGNORECASE)
_ENGLISH_ARTICLE = re.compile(r"(?<!\w)a $", re.IGNORECASE)
#: A noun with its article: "le canapé Roche Bobois".
_NOUN_BEFORE = re.compile(rf"(?<!\w)(?:{_ARTICLE}) [^\W\d_]+ $", re.IGNORECASE)
_CONJUNCTION = re.compile(r" (?:y|e|i|en|et|und|and|и|ve) ")
#: Prepositions of places, shops and channels.
_PLACE_BEFORE = re.compile(
    r"\b(?:in|from|to|via|at|near|nach|aus|bei|im|à|chez|de|en|a|o|da|do|na|no|em|z|ze|w|we|из|в|во|на"
    r"|от|через|по|naar|uit|op|bij|nel|nella|dal|dalla|[^\W_]+ of)\s$",
    re.IGNORECASE,
)
#: Prepositions of persons as well: before several words they are no sign of a place.
_PERSON_TOO = re.compile(r"\b(?:to|from|de|a|da|do|dal|dalla|z|ze|от)\s$", re.IGNORECASE)
#: Words after a thing, which are no person's.
_THING_AFTER = re.compile(
    r" (?:apps?|plans?|models?|tablets?|pills?|versions?|editions?|cards?|phones?|mg|ml|kg|km|gb)\b"
    r"|-(?:app|tarif|karte|abo)\b",
    re.IGNORECASE,
)
_BEFORE = 28


def bare_start(text: str, start: int, end: int) -> int:
    """Return the start of a name without its particles: the ones before it can be articles."""
    for word in WORD.finditer(text, start, end):
        if fold(word[0]) not in PARTICLES:
            return word.start()
    return start


def is_english(text: str) -> bool:
    """Check whether a text has common words of English."""
    return _ENGLISH.search(text) is not None


def is_addressed(text: str, start: int) -> bool:
    """Check whether a greeting, a title or a role is before a position."""
    return _ADDRESSED.search(text[max(0, start - _BEFORE) : start]) is not None


def is_of_person(text: str, start: int, end: int) -> bool:
    """Check whether several words at a span are likely to name a person, or are a whole line."""
    if is_addressed(text, start) or _PERSON_BEFORE.search(text[max(0, start - _BEFORE) : start]):
        return True
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return not line.strip(" -–—") and text[end:].split("\n", maxsplit=1)[0].strip(" .,!") == ""


def is_of_thing(text: str, start: int, end: int) -> bool:
    """Check whether only a thing can stand at a span: "my Ford Focus", "the Apple card"."""
    bare = bare_start(text, start, end)
    before = text[max(0, bare - _BEFORE) : bare]
    first = WORD.match(text, bare)
    if first and _THING_BEFORE.match(f"{first[0]} ") and text.count(" ", bare, end) > 1:
        return True  # "Ma Renault Clio"
    if _ENGLISH_ARTICLE.search(before) and is_english(text):
        return True
    return bool(_THING_BEFORE.search(before)) or bool(_THING_AFTER.match(text, end))


def is_of_place(text: str, start: int, end: int) -> bool:
    """Check whether a place, a shop or two things are likelier at a span than a person."""
    bare = bare_start(text, start, end)
    before = text[max(0, bare - _BEFORE) : bare]
    if (
        " " in text[bare:end]
        and not _CONJUNCTION.search(text, bare, end)
        and _PERSON_TOO.search(before)
    ):
        return False
    if _NOUN_BEFORE.search(text[max(0, bare - 2 * _BEFORE) : bare]):
        return True
    return _PLACE_BEFORE.search(before) is not None or bool(_CONJUNCTION.search(text, bare, end))
