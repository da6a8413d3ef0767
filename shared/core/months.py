"""Names of months in the languages of the locales."""

#: Twelve months of each language: full names and abbreviations, in lower case.
_MONTHS = """
january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep
october/oct november/nov december/dec
januar/jänner/jan februar/feb märz/mär april/apr mai juni/jun juli/jul august/aug
september/sept/sep oktober/okt november/nov dezember/dez
janvier/janv février/févr/fév mars avril/avr mai juin juillet/juil août septembre/sept
octobre/oct novembre/nov décembre/déc
enero/ene febrero/feb marzo/mar abril/abr mayo/may junio/jun julio/jul agosto/ago
septiembre/setiembre/sept/sep octubre/oct noviembre/nov diciembre/dic
gennaio/gen febbraio/feb marzo/mar aprile/apr maggio/mag giugno/giu luglio/lug agosto/ago
settembre/set ottobre/ott novembre/nov dicembre/dic
janeiro/jan fevereiro/fev março/mar abril/abr maio/mai junho/jun julho/jul agosto/ago
setembro/set outubro/out novembro/nov dezembro/dez
januari/jan februari/feb maart/mrt april/apr mei juni/jun juli/jul augustus/aug september/sep
oktober/okt november/nov december/dec
stycznia/styczeń/sty lutego/luty/lut marca/marzec/mar kwietnia/kwiecień/kwi maja/maj
czerwca/czerwiec/cze lipca/lipiec/lip sierpnia/sierpień/sie września/wrzesień/wrz
października/październik/paź listopada/listopad/lis grudnia/grudzień/gru
января/январь/янв февраля/февраль/фев марта/март/мар апреля/апрель/апр мая/май июня/июнь/июн
июля/июль/июл августа/август/авг сентября/сентябрь/сен октября/октябрь/окт ноября/ноябрь/ноя
декабря/декабрь/дек
ocak/oca şubat/şub mart/mar nisan/nis mayıs/may haziran/haz temmuz/tem ağustos/ağu eylül/eyl
ekim/eki kasım/kas aralık/ara
januari/jan februari/feb maret/mar april/apr mei juni/jun juli/jul agustus/agu september/sep
oktober/okt november/nov desember/des
जनवरी/जन फरवरी/फ़रवरी/फर मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर
नवंबर/नवम्बर दिसंबर/दिसम्बर
"""
_WORDS = [tuple(month.split("/")) for month in _MONTHS.split()]
#: Names of the months by language.
MONTHS = [_WORDS[start : start + 12] for start in range(0, len(_WORDS), 12)]
_LANGUAGES: dict[str, tuple[int, int, int]] = {}
for _language, _months in enumerate(MONTHS):
    for _month, _names in enumerate(_months):
        for _form, _name in enumerate(_names):
            _LANGUAGES.setdefault(_name, (_language, _month + 1, _form))


def month_number(name: str) -> int | None:
    """Return the number of a month by its name in any language, or None."""
    found = _LANGUAGES.get(name.lower().rstrip("."))
    return found[1] if found else None


def rename_month(name: str, month: int) -> str:
    """Return the name of another month in the language, form and case of this name."""
    language, number, form = _LANGUAGES[name.lower().rstrip(".")]
    names = MONTHS[language][month - 1]
    short = form > 0 and form == len(MONTHS[language][number - 1]) - 1
    new = names[-1] if short else names[min(form, len(names) - 1)]
    if name.isupper():
        return new.upper()
    return new.capitalize() if name[0].isupper() else new
