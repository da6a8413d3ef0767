"""Introductions: contexts in which a message names a person; the classifier misses some."""

import re
from collections.abc import Iterator

from shared.scenarios.redaction.names.people import trie
from shared.scenarios.redaction.names.person_names import TITLES, WORD, fold, name_at, name_before
from shared.scenarios.redaction.names.unspaced_names import find_unspaced_names

type _Spans = Iterator[tuple[int, int]]
_I = re.IGNORECASE


def _any_phrase(text: str) -> str:
    """Return the pattern of any of these phrases, between slashes."""
    return rf"(?<!\w){trie([phrase.strip() for phrase in ' '.join(text.split()).split('/')])}"


#: Before the user's own name, which can be in lower case.
_OWN = re.compile(
    _any_phrase(
        """
        my name is/my name's/my full name is/my name:/his name is/her name is/whose name is/
        mein name ist/ich heiße/ich heisse/je m'appelle/mon nom est/me llamo/mi nombre es/mi chiamo/
        il mio nome è/meu nome é/me chamo/ik heet/mijn naam is/nazywam się/mam na imię/
        меня зовут/моё имя/мое имя/benim adım/adım/ismim/με λένε/اسمي/שמי/jag heter/jmenuji se
        """
    )
    + r"[ :]{1,2}",
    _I,
)
#: Before the name of another person, or of the user: of two words, or of one after these.
_NAMED_ONE = re.compile(
    _any_phrase(
        """
        wife/husband/son/daughter/brother/sister/mother/father/mom/mum/dad/friend/colleague/
        coworker/boss/cousin/uncle/aunt/niece/nephew/neighbor/neighbour/roommate/fiancé/fiancée/
        passenger named/passenger/named/in the name of/under the name/to myself,/call me/myself/mr/
        mrs/ms/miss/dr/prof/herr/monsieur/madame/señor/señora/signor/signora/senhor/senhora/meneer/
        mevrouw/pan/pani/господин/госпожа/first name/last name/surname/sobrenome/nazwisko/imię/adım/
        soyadım/apellidos/apellido/cognome/achternaam/voornaam/nachname/vorname/фамилия/lg
        """
    )
    + r"(?:[,:]| is| named| called|'s name is)?\.? ",
    _I,
)
_NAMED_FULL = re.compile(
    _any_phrase(
        """
        name is/name:/names:/contact/contact:/spoke to/spoke with/raised by/signed by/ordered by/
        cc:/from:/to:/attn:/attn/left with/customer:/passenger:/guest:/patient:/caller:/recipient:/
        picked up by/abholung durch/abgeholt von/remis à/recoge/ritira/retirado por/opgehaald door/
        odbiera/получит/nachbarn/buurman/buurvrouw/vicino/vicina/voisine/vecino/vecina/vizinho/
        vizinha/sąsiad/sąsiada/komşu/komşum/соседу/соседке/frau/mann/freund/freundin/kollege/
        kollegin/nachbar/nachbarin/mari/femme/ami/amie/voisin/collègue/esposo/esposa/marido/mujer/
        hermano/hermana/amigo/amiga/a nombre de/moglie/marito/amico/amica/fratello/sorella/mulher/
        irmão/irmã/em nome de/mijn man/vrouw/vriend/collega/op naam van/żona/mąż/brat/siostra/
        kolega/na nazwisko/жена/муж/сын/дочь/брат/сестра/друг/коллега/сосед/на имя/eşim/kocam/karım/
        kardeşim/arkadaşım/adına/soy/ik ben/sono/sou/je suis/jestem/я/nombre:/nom:/nome:/naam:/
        imię i nazwisko:/имя:/фио:/ad soyad:
        """
    )
    + r"(?: named| called)?:? ",
    _I,
)
_CODE = re.compile(r"[-_/]?\d")
#: By which an assistant addresses the user.
_ADDRESSED = re.compile(
    r"(?:^|[.!?\n] ?)"
    + _any_phrase(
        """
        thank you/thank you so much/thank you very much/thanks/hi/hello/dear/welcome/welcome back/
        sorry/nice to meet you/lovely to meet you/danke/guten tag/hallo/sehr geehrte/sehr geehrter/
        vielen dank/merci/bonjour/gracias/hola/grazie/buongiorno/obrigado/obrigada/olá/dank u/
        bedankt/dziękuję/dzień dobry/спасибо/здравствуйте/teşekkürler/teşekkür ederim/merhaba
        """
    )
    + ",? ",
    _I,
)
_ADDRESS_END = re.compile(r"\s*(?:[,.!?]|$|ji\b|hanım\b|bey\b)", _I)
#: Before a signature, on the same line or the next.
_CLOSING = re.compile(
    _any_phrase(
        """
        regards/kind regards/best/sincerely/yours/cheers/thanks/thank you/many thanks/grüßen/grüße/
        gruß/dank/cordialement/bien à vous/merci/saludos/un saludo/atentamente/gracias/saluti/
        grazie/atenciosamente/abraços/obrigado/obrigada/groet/groeten/bedankt/pozdrawiam/poważaniem/
        dziękuję/уважением/спасибо/saygılarımla/teşekkürler
        """
    )
    + r"(?:[,.!]? *\n\s{0,3}[-–—]?\s?|, )",
    _I,
)
#: Before a signature after any short line that ends with a comma.
_LAST_LINE = re.compile(r"(?<![^\n])[^\n\d]{2,40},[ \t]*\n{1,2}(?=[^\n]{3,60}\s*\Z)")
_LINE_END = re.compile(r"[ .,!]*(?:\n|$)")
#: After the name of a person in a note.
_ACTS = re.compile(
    r" (?=(?:called|calls|rang|phoned|emailed|wrote|wants|asked|here|speaking|calling)\b"
    r"|[<(][\w.+-]+@)",
    _I,
)


def find_introduced_names(text: str, *, by_user: bool) -> _Spans:
    """Find the names that a message reveals by their context."""
    for found in _OWN.finditer(text):
        yield from filter(None, [name_at(text, found.end(), any_case=True)])
    for pattern, words in ((_NAMED_ONE, 1), (_NAMED_FULL, 2)):
        for found in pattern.finditer(text):
            span = None if _is_salutation(found[0]) else name_at(text, found.end())
            if span and len(WORD.findall(text, *span)) >= words and not _CODE.match(text, span[1]):
                yield span
    for found in _ACTS.finditer(text):
        yield from filter(None, [name_before(text, found.start())])
    yield from _signatures(text)
    for found in () if by_user else _ADDRESSED.finditer(text):
        span = name_at(text, found.end())
        if span and _ADDRESS_END.match(text, span[1]):
            yield span
    yield from find_unspaced_names(text)


def _signatures(text: str) -> _Spans:
    for pattern, words in ((_CLOSING, 1), (_LAST_LINE, 2)):
        for found in pattern.finditer(text):
            span = name_at(text, found.end())
            if span and len(WORD.findall(text, *span)) >= words and _LINE_END.match(text, span[1]):
                yield span


def _is_salutation(words: str) -> bool:
    """Check whether a title has a comma: "Mevrouw, Melding 12" begins a sentence."""
    return "," in words and fold(words.split(",", maxsplit=1)[0]) in TITLES
