"""Field classification: kind of personal data by the names of a field and its neighbors."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.scenarios.redaction.forms.dates import find_dates, names_birth
from shared.scenarios.redaction.forms.labeling import find_labels, fold_case
from shared.scenarios.redaction.kinds import Kind
from shared.scenarios.text import any_of, word_set

_CAMEL = re.compile(r"(?<=[a-zß-ÿа-яё0-9])(?=[A-ZÀ-ÞА-ЯЁ])")
_NOT_WORD = re.compile(r"[\W_]+")

_PERSON = any_of(
    "customers?", "passengers?", "contacts?", "guests?", "patients?", "users?", "profiles?",
    "recipients?", "receivers?", "senders?", "owners?", "holders?", "cardholders?", "travell?ers?",
    "callers?", "clients?", "members?", "employees?", "drivers?", "beneficiar(?:y|ies)", "payees?",
    "payers?", "attendees?", "students?", "subscribers?", "persons?", "people", "friends?",
    "doctors?", "therapists?", "tenants?", "applicants?", "buyers?", "sellers?", "spouse", "child",
    "children", "host", "renters?", "riders?", "companions?", "account_holders?", "titular",
    "abonnee?", "assuree?", "intestatari[oa]", "abone", "(?:konto)?inhaber(?:in)?",
    "ansprechpartner(?:in)?", "(?:ver)?mieter(?:in)?", "halter(?:in)?", "versicherter?",
    "patientin", "fahrer(?:in)?", "empfanger(?:in)?", "locataire", "souscripteur", "destinataire",
    "beneficiaire", "conducteur", "asegurad[oa]", "inquilin[oa]", "assicurat[oa]", "conducente",
    "destinatari[oa]", "segurad[oa]", "locatari[oa]", "huurder", "verzekerde", "bestuurder",
    "ontvanger", "najemca", "ubezpieczony", "kierowca", "odbiorca", "абонент", "клиент",
    "водитель", "арендатор", "получатель", "kiraci", "surucu", "hasta", "policy_?holders?",
    "nominees?", "next_of_kin", "requesters?", "契約者", "会員", "担当者", "客户", "联系人", "户主",
    "收件人", "가입자", "고객", "회원", "담당자", "보호자",
)  # fmt: skip
_KINDS = {
    Kind.CREDENTIAL: (
        r"(?:\w+_)?(?:(?:api|access|secret|private|auth|account|shared|master|signing|encryption"
        r"|license)"
        r"_?key(?:_id)?|(?:api|access|auth|bearer|refresh|id|session|security|csrf|web|device|jwt"
        r"|oauth|sas"
        r"|secret)_?token|(?:client|webhook|app|consumer|shared)_?secret|authorization"
        r"|credentials?|cookies?"
        r"|jwt|connection_string|database_url|dsn|signature|x_api_key)|token|secret|\w+_(?:secret"
        r"|token)"
    ),
    Kind.NETWORK_ADDRESS: (
        r"(?:\w+_)?(?:ip|ipv[46]|ip_?addr(?:ess)?(?:es)?|mac_?addr(?:ess)?|remote_?addr(?:ess)?"
        r"|bssid)"
    ),
    Kind.EMAIL: r"(?:\w+_)?(?:e?_?mails?(?:_address(?:es)?|_id|_?adres\w*)?|courriel|correo)",
    Kind.DATE_OF_BIRTH: (
        r"(?:\w+_)?(?:dob|date_of_birth|birth_?dates?|birth_?day|born(?:_on)?|geburts(?:datum|tag)"
        r"|date_(?:de_)?naissance|fecha_(?:de_)?nacimiento|data_(?:di_)?nascita"
        r"|data_(?:de_)?nascimento"
        r"|geboortedatum|data_urodzenia|dogum_tarihi|tanggal_lahir|tgl_lahir|дата_рождения"
        r"|生年月日|生日"
        r"|출생일|생년월일)"
    ),
    Kind.PHONE: (
        r"(?:\w+_)?(?:(?:tele|cell_?)?phones?|mobiles?|tel|cell|fax|msisdn|whatsapp"
        r"|telefon\w{0,7}|telefoon"
        r"|handy|movil|celular|portable|cellulare|telemovel|mobiel|komorka|телефон|電話番号|电话"
        r"|手机|전화번호"
        r"|callback|no_hp)(?:_(?:numbers?|no|num))?"
    ),
    Kind.CARD: (
        r"(?:\w+_)?(?:card_?(?:number|no|num)|pan|cc_?num(?:ber)?|kartennummer"
        r"|numero_(?:de_)?(?:carte"
        r"|tarjeta|carta|cartao))"
    ),
    Kind.SECRET: (
        r"(?:\w+_)?(?:cvv2?|cvc|pin|pin_code|passwords?|passwd|pwd|passcode|passphrase|otp"
        r"|passwort|kennwort"
        r"|mot_de_passe|contrasena|senha|wachtwoord|haslo|sifre"
        r"|(?:security|secret|verification)_(?:code|word|phrase|answer)s?_?\d?)"
    ),
    Kind.ACCOUNT: (
        r"(?:\w+_)?(?:iban|account_?(?:number|no|num)|acct_?(?:number|no)?|bank_account"
        r"|routing_?(?:number|no)|sort_code|kontonummer|numero_(?:de_)?(?:compte|cuenta|conta"
        r"|conto)"
        r"|rekeningnummer|numer_konta|hesap_no|口座番号|账号|계좌번호|nomor_rekening)"
    ),
    Kind.ID_NUMBER: (
        r"(?:\w+_)?(?:passport(?:_?(?:number|no|num|id))?|ssn|social_security(?:_number)?"
        r"|national_(?:id|insurance)(?:_number)?|tax_id|driving_licen[cs]e"
        r"|drivers?_?licen[cs]e(?:_?(?:number|no))?|known_travell?er_number|id_card(?:_number)?"
        r"|dni|nif|nie|curp|cpf|cnpj|codice_fiscale|bsn|pesel|nino|aadhaa?r|pan_number|steuer_?id"
        r"|ausweis\w*"
        r"|reisepass\w*|passeport|pasaporte|passaport[eo]|paspoort|paszport|pasaport|inn|snils"
        r"|tc_?kimlik(?:_no)?"
        r"|tckn|nik|npwp|my_number|身份证号?|주민등록번호|паспорт|инн|снилс)"
    ),
    Kind.POSTAL_CODE: (
        r"(?:\w+_)?(?:zip|zip_?code|postal_?code|post_?code|plz|postleitzahl|code_postal"
        r"|codigo_postal|cep"
        r"|kod_pocztowy|kode_pos|郵便番号|邮编)"
    ),
    Kind.ADDRESS: (
        r"(?:\w+_)?(?:(?:street|home|billing|shipping|delivery|mailing|postal|pick_?up"
        r"|drop_?off)_)?"
        r"(?:address(?:es)?(?:_?(?:line)?_?\d)?|street(?:_?\d|_name)?)|(?:address_)?line_?\d"
        r"|(?:\w+_)?(?:adresse|anschrift|strasse|direccion|domicilio|indirizzo|endereco|adres"
        r"|alamat|адрес|住所"
        r"|地址|주소)"
    ),
    Kind.USER_ID: (
        r"(?:user|login|customer|member|client|account|profile|passenger|owner)_?id"
        r"|(?:user|login|account|profile)_?name|user|login|handle|nick|screen_name"
    ),
    Kind.NAME: (
        r"(?:\w+_)?(?:first|last|given|family|middle|full|maiden|legal|preferred|sur)_?names?"
        r"|(?:\w+_)?nick_?name|name_on_(?:\w+_)?card|lastname|firstname"
        r"|(?:\w+_)?(?:vorname|nachname|familienname|prenom|nom_de_famille|apellidos?|cognome"
        r"|sobrenome|voornaam"
        r"|achternaam|imie|nazwisko|soyad|имя|фамилия|氏名|姓名|이름|성명)"
        rf"|(?:\w+_)?{_PERSON}(?:_account)?_names?|{_PERSON}"
    ),
}
#: Fields that end like those of credentials: cursors of pages, counts.
_NO_CREDENTIAL = re.compile(
    r"(?:\w+_)?(?:next|page|prev|previous|continuation|cursor|sync|cancel\w*)_?(?:page_?)?token"
    r"|\w*public_key"
)
_FIELDS = [(kind, re.compile(pattern)) for kind, pattern in _KINDS.items()]
_PEOPLE = re.compile(rf"(?:\w+_)?{_PERSON}(?:_\w+)?")
#: Kinds whose presence makes ``name`` a person's: a product or a place has none of them.
_PERSONAL = frozenset({Kind.EMAIL, Kind.DATE_OF_BIRTH, Kind.ID_NUMBER, Kind.NAME})
#: Fields of a person's name beside personal ones.
_NAMES = word_set("name nom nombre nome ad naam display_name 名 姓 성")
_NAME_PARTS = frozenset({"first", "last", "middle", "given", "family"})
#: Fields of places, and of things that a person can be as well: a sender, an author, a contact.
_PLACES = re.compile(
    r"(?:\w+_)?(?:city|cities|origin|destination|location|country|state|province|area|region"
    r"|airport|station|town|from|to|departure|arrival|restaurant_name|hotel_name|place|title"
    r"|merchant|vendor|department|team|service|event|book|song|make|company|bank)(?:_\w+)?"
)
_THINGS = re.compile(
    r"(?:\w+_)?(?:product|item|brand|store|shop|restaurant|hotel|airline|model|category|plan"
    r"|course|movie|color|material|size|variant|manufacturer|carrier|school|hospital"
    r"|organization|repository)(?:_?names?)?"
)
#: Kinds that the labels of texts tell of fields, with the digits of their values.
_LABELED = {Kind.PHONE: range(7, 16), Kind.ID_NUMBER: range(5, 21)}
_NUMBER = re.compile(r"[+(]*[A-Za-z]{0,5}\d[\dA-Za-z().,/ +\u00b7-]{3,30}")
_EPOCH = re.compile(r"1[4-9]\d{8}(?:\d{3})?")
#: Words of fields with which a label stays one, and labels that are verbs without one.
_NUMBER_WORDS = word_set(
    "number numbers no nr num numero nummer n value nomor 番号 号码 号 번호 номер"
)
_VERBS = word_set("call ring text dial contact contacto contato chiamata llamada ligar bellen key")
#: Fields of a person or of the telephone number of one.
_CONTACT, _PHONE = re.compile("contact"), Kind.PHONE
#: Fields of a number whose kind their object's name or type tells, and the fields of such a type.
_VALUES = word_set(
    "value number no nr num numero nummer wert valor valeur raw formatted e164 番号 号码 번호"
)
_TYPES = word_set("type kind system label channel medium typ tipo art 类型 種類 유형")
_DOCUMENT = re.compile(
    r"(?:(?:identity|identification|personal|numero_(?:de_|del_|do_)?|nr_)?_?)"
    r"(?:id|doc|document|documento|dokument|dokumentu|ausweis|identity|identification)"
    r"_?(?:number|no|nr|num|numero|nummer|code)?"
)
#: Name of a person as written; identifiers have no capitals and spaces.
_WRITTEN_NAME = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:[ '-][^\W\d_]+){0,3}")
#: Characters of a value that is a number or a date.
_LONGEST = 40
#: Characters that no name has: the value is an expression or a longer text.
_NO_NAME = re.compile(r"[\d()\[\]{}<>=@:;|/\\\"]")
_QUOTED = re.compile(r"\"([^\"\n]{2,60})\"")


def parse_names(text: str) -> list[str]:
    """Return the names in a field of names: its text, or the quotations of an expression."""
    parts = _QUOTED.findall(text) if _NO_NAME.search(text) else [text]
    return [part for part in parts if not _NO_NAME.search(part)]


def _is_written_name(value: Any) -> bool:
    return isinstance(value, str) and _WRITTEN_NAME.fullmatch(value.strip()) is not None


@lru_cache(maxsize=4096)
def snake_case(key: str) -> str:
    """Return a field's name in snake case."""
    return _NOT_WORD.sub("_", _CAMEL.sub("_", key[:100])).strip("_").lower()


@lru_cache(maxsize=4096)
def classify_field(key: str) -> Kind | None:
    """Return the kind of a field by its name alone, or None."""
    name = fold_case(snake_case(key))
    kind = next((kind for kind, pattern in _FIELDS if pattern.fullmatch(name)), None)
    return None if kind is Kind.CREDENTIAL and _NO_CREDENTIAL.fullmatch(name) else kind


def is_place_field(key: str) -> bool:
    """Check whether a field holds a place: names of cities are not redacted."""
    return _PLACES.fullmatch(snake_case(key)) is not None


def is_thing_field(key: str) -> bool:
    """Check whether a field holds a product, a company or another thing but a person."""
    return _THINGS.fullmatch(snake_case(key)) is not None


def classify_fields(values: Mapping[str, Any], parent: str) -> dict[str, Kind]:
    """Return the kinds of an object's fields.

    ``parent`` is the name of the field that contains the object, or of the tool.
    """
    found = {key: kind for key in values if (kind := classify_field(key)) is not None}
    for key in values.keys() - found.keys():
        if kind := _kind_by_label(key, values, parent):
            found[key] = kind
    for key, kind in found.items():
        # "user_name" is a login or a person's name.
        if kind is Kind.USER_ID and key.lower().endswith("name") and _is_written_name(values[key]):
            found[key] = Kind.NAME
        if kind is Kind.NAME and _CONTACT.match(key.lower()) and _has_number(values[key], _PHONE):
            found[key] = Kind.PHONE
    parent = snake_case(parent)
    if not _PERSONAL.isdisjoint(found.values()) or _PEOPLE.search(parent) is not None:
        found |= {key: Kind.NAME for key in values if snake_case(key) in _NAMES}
        documents = [key for key in values if _DOCUMENT.fullmatch(fold_case(snake_case(key)))]
        found |= {
            key: Kind.ID_NUMBER
            for key in documents
            if key not in found and key != "id" and _has_number(values[key], Kind.ID_NUMBER)
        }
    if parent == "name" or parent.endswith("_name"):
        found |= dict.fromkeys(_NAME_PARTS & values.keys(), Kind.NAME)
    return found


def _kind_by_label(key: str, values: Mapping[str, Any], parent: str) -> Kind | None:
    """Return the kind of a field whose name, object or type has the label of a number."""
    value = values[key]
    words = _words(key)
    if names_birth(words):
        return Kind.DATE_OF_BIRTH if _has_date(value) else None
    kind = _labeled_kind(words)
    if kind is None and words in _VALUES:
        types = [str(values[name]) for name in values if _words(name) in _TYPES]
        # "contact" alone is no number, but an object of that name holds some.
        named = [*types, f"{parent}_number"]
        kind = next(filter(None, (_labeled_kind(_words(one)) for one in named)), None)
    return kind if kind and _has_number(value, kind) else None


@lru_cache(maxsize=4096)
def _words(key: str) -> str:
    return fold_case(snake_case(key)).replace("_", " ")


@lru_cache(maxsize=4096)
def _labeled_kind(words: str) -> Kind | None:
    labels = find_labels(words)
    if not labels or any(label.kind is None for label in labels):
        return None
    last = labels[-1]
    further = words[last.end :].split()
    if last.kind not in _LABELED or not _NUMBER_WORDS.issuperset(further):
        return None
    return None if words[last.start :] in _VERBS else last.kind


def _has_number(value: Any, kind: Kind) -> bool:
    """Check that a field's value, or the first of its values, is a number of a kind."""
    text = _first_text(value)
    digits = sum(map(str.isdigit, text))
    return (
        digits in _LABELED[kind]
        and _NUMBER.fullmatch(text) is not None
        and _EPOCH.fullmatch(text) is None
        and not _has_date(value)
    )


def _has_date(value: Any) -> bool:
    return any(True for _ in find_dates(_first_text(value)))


def _first_text(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    known = isinstance(first, str | int) and not isinstance(first, bool)
    return fold_case(str(first)[:_LONGEST]).strip() if known else ""
