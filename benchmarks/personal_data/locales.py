"""Locales of planted values: notations of dates, names and addresses."""

from dataclasses import dataclass

_EN = "January February March April May June July August September October November December"


@dataclass(frozen=True)
class Locale:
    """Conventions of a locale.

    In ``dates``, ``{month}`` is the name of a month, and ``{dd}``, ``{mm}`` and ``{yy}`` have two
    digits.
    """

    months: tuple[str, ...]
    dates: tuple[str, ...]
    #: Notations of a person's name.
    names: tuple[str, ...] = ("{given} {family}",)
    #: Notations of an address. ``{faker}`` is the street address that faker writes.
    addresses: tuple[str, ...] = ("{number} {street}", "{faker}, {city} {postcode}")


def _locale(months: str, *dates: str, **options: tuple[str, ...]) -> Locale:
    return Locale(tuple(months.split()), dates, **options)


_NUMBERED = " ".join(map(str, range(1, 13)))
_ISO = "{y}-{mm}-{dd}"
_STREET_FIRST = ("{street} {number}", "{street} {number}, {postcode} {city}")

LOCALES: dict[str, Locale] = {
    "en_US": _locale(_EN, "{mm}/{dd}/{y}", "{month} {d}, {y}", _ISO, "{m}/{d}/{yy}"),
    "en_GB": _locale(_EN, "{dd}/{mm}/{y}", "{d} {month} {y}", "{d}.{m}.{yy}"),
    "en_IN": _locale(_EN, "{dd}-{mm}-{y}", "{d} {month} {y}", "{dd}/{mm}/{y}"),
    "de_DE": _locale(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "{dd}.{mm}.{y}", "{d}. {month} {y}", "{d}.{m}.{yy}",
        addresses=_STREET_FIRST,
    ),
    "fr_FR": _locale(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "{dd}/{mm}/{y}", "{d} {month} {y}", _ISO,
        addresses=("{number} {street}", "{number}, {street}, {postcode} {city}"),
    ),
    "es_ES": _locale(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "{dd}/{mm}/{y}", "{d} de {month} de {y}", "{d}-{m}-{y}",
        names=("{given} {family}", "{given} {family} {family2}"),
        addresses=("{street}, {number}", "{street} {number}, {postcode} {city}"),
    ),
    "it_IT": _locale(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
        " dicembre",
        "{dd}/{mm}/{y}", "{d} {month} {y}", "{d}-{m}-{y}",
        addresses=("{street}, {number}", "{street} {number}, {postcode} {city}"),
    ),
    "pt_BR": _locale(
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "{dd}/{mm}/{y}", "{d} de {month} de {y}", _ISO,
        names=("{given} {family}", "{given} {family} {family2}"),
        addresses=("{street}, {number}", "{street}, {number} - {city}, {postcode}"),
    ),
    "nl_NL": _locale(
        "januari februari maart april mei juni juli augustus september oktober november december",
        "{dd}-{mm}-{y}", "{d} {month} {y}", "{d}/{m}/{y}",
        addresses=_STREET_FIRST,
    ),
    "pl_PL": _locale(
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października"
        " listopada grudnia",
        "{dd}.{mm}.{y}", "{d} {month} {y}", _ISO,
        addresses=("ul. {street} {number}", "{street} {number}, {postcode} {city}"),
    ),
    "ru_RU": _locale(
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "{dd}.{mm}.{y}", "{d} {month} {y} года", "{d}.{m}.{yy}",
        names=("{given} {family}", "{family} {given} {middle}"),
        addresses=("{street}, д. {number}", "{street}, дом {number}, {postcode}"),
    ),
    "tr_TR": _locale(
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",  # noqa: RUF001
        "{dd}.{mm}.{y}", "{d} {month} {y}", "{dd}/{mm}/{y}",
        addresses=("{tr_street} No: {number}", "{faker}", "{tr_street} No:{number} {city}"),
    ),
    "ja_JP": _locale(
        _NUMBERED,
        "{y}年{m}月{d}日", "{y}/{mm}/{dd}", _ISO,
        names=("{family}{given}", "{family} {given}"),
        addresses=("{region}{city}{street}{number}", "{city}{street}{number}"),
    ),
    "zh_CN": _locale(
        _NUMBERED,
        "{y}年{m}月{d}日", "{y}-{mm}-{dd}", "{y}年{mm}月{dd}日",
        names=("{family}{given}",),
        addresses=("{region}{city}{street}{number}", "{street}{number}"),
    ),
    "ko_KR": _locale(
        _NUMBERED,
        "{y}년 {m}월 {d}일", "{y}.{mm}.{dd}", "{y}-{mm}-{dd}",
        names=("{family}{given}",),
        addresses=("{region} {borough} {street} {number}", "{street} {number}"),
    ),
}  # fmt: skip
