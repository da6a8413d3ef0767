"""Transliteration of Cyrillic and Greek texts into Latin letters, letter by letter."""

import re
import unicodedata

from shared.scenarios.text import word_set

_LETTERS = {
    pair[0]: pair[2:]
    for pair in word_set(
        """
        а:a б:b в:v г:g д:d е:e ё:e ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f
        х:kh ц:ts ч:ch ш:sh щ:sch ъ: ы:y ь: э:e ю:yu я:ya і:i ї:yi є:ye ґ:g ў:u
        α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f
        χ:ch ψ:ps ω:o
        """
    )
}
_NOT_LATIN = re.compile("[\u0370-\u03ff\u0400-\u04ff]")


def in_latin(text: str) -> list[str] | None:
    """Return each character of a text in Latin letters; None if all of them are."""
    return [_letter(one) for one in text] if _NOT_LATIN.search(text) else None


def _letter(letter: str) -> str:
    if not _NOT_LATIN.match(letter):
        return letter
    plain = letter.lower()
    if plain not in _LETTERS:  # with an accent
        plain = unicodedata.normalize("NFD", plain)[0]
    latin = _LETTERS.get(plain, letter)
    return latin.capitalize() if letter.isupper() else latin
