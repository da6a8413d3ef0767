"""Planted values: personal data that faker invents, in the notations of a locale."""

import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from faker import Faker

from benchmarks.personal_data import credentials
from benchmarks.personal_data.locales import LOCALES


class Kind(StrEnum):
    """Kind of a planted value, as the tables name it."""

    NAME = "name"
    EMAIL = "e-mail"
    PHONE = "telephone"
    ADDRESS = "address"
    DATE_OF_BIRTH = "date of birth"
    CARD = "card"
    ACCOUNT = "account"
    ID = "identity number"
    NETWORK = "IP or MAC address"
    CREDENTIAL = "credential"


@dataclass(frozen=True)
class Value:
    """Planted value: its text, and the parts by which it is searched for."""

    kind: Kind
    text: str
    #: Of a name: given, family, further names. Of an address: street, number.
    parts: tuple[str, ...] = ()
    day: date | None = None
    #: Locale, or type of a credential.
    group: str = ""


class Source:
    """Values of one locale; the same seed gives the same values."""

    def __init__(self, locale: str, seed: int) -> None:
        self.locale = locale
        self.random = random.Random(f"{locale}/{seed}")
        self._faker: Any = Faker(locale)
        self._faker.seed_instance(self.random.getrandbits(32))
        self._rules = LOCALES[locale]

    @cached_property
    def _ascii(self) -> Any:
        """Source of what is the same everywhere: local parts of e-mail addresses, cards."""
        found: Any = Faker("en_GB")
        found.seed_instance(self.random.getrandbits(32))
        return found

    def create(self, slot: str, owner: Value | None = None) -> Value:
        """Return a value for a slot of a template: ``PHONE``, or a type of credential."""
        method: Callable[[Value | None], Value] | None = getattr(self, f"_{slot.lower()}", None)
        if method is not None:
            return method(owner)
        return Value(Kind.CREDENTIAL, credentials.create(slot, self.random), group=slot)

    def _name(self, _: Value | None) -> Value:
        faker, sex = self._faker, self.random.choice(("male", "female"))
        parts = {
            "given": getattr(faker, f"first_name_{sex}", faker.first_name)(),
            "family": getattr(faker, f"last_name_{sex}", faker.last_name)(),
            "family2": faker.last_name(),
            "middle": getattr(faker, f"middle_name_{sex}", faker.first_name)(),
        }
        form = self.random.choice(self._rules.names)
        used = ("given", "family", *(n for n in ("family2", "middle") if n in form))
        text = form.format_map(parts)
        return self._value(Kind.NAME, text, tuple(parts[n] for n in used))

    def _email(self, owner: Value | None) -> Value:
        local = ""
        if owner is not None and self.random.random() < 0.5:
            given, family = (p.replace(" ", "").replace("'", "").lower() for p in owner.parts[:2])
            if (given + family).isascii():
                form = self.random.choice(("{0}.{1}", "{1}_{0}", "{0}.{1}+shop", "{0}-{1}"))
                local = form.format(given, family)
        local = local or self._ascii.user_name()
        tail = self.random.choice(("example.org", "mail.example.net", "posta.example.com"))
        return self._value(Kind.EMAIL, f"{local}{self.random.randint(1, 99)}@{tail}")

    def _phone(self, _: Value | None) -> Value:
        return self._value(Kind.PHONE, self._faker.phone_number())

    def _address(self, _: Value | None) -> Value:
        faker = self._faker
        number = self._house_number()
        fields = {
            "number": number,
            "street": self._street(),
            "tr_street": f"{faker.last_name()} {self.random.choice(('Sokak', 'Caddesi'))}",
            "city": faker.city(),
            "postcode": faker.postcode(),
            "region": self._region(),
            "borough": getattr(faker, "borough", str)(),
            "faker": "",
        }
        form = self.random.choice(self._rules.addresses)
        if "{tr_street}" in form:
            fields["street"] = fields["tr_street"]
        if "{faker}" in form:
            # "123 Some Street Apt. 4": the number first, as in English, also in tr_TR.
            fields["street"] = faker.street_name()
            fields["faker"] = f"{number} {fields['street']}"
        return self._value(Kind.ADDRESS, form.format_map(fields), (fields["street"], number))

    def _street(self) -> str:
        faker = self._faker
        if self.locale == "ja_JP":
            return f"{faker.town()}"
        if self.locale == "ko_KR":
            return f"{faker.street_name()}로"
        return str(faker.street_name())

    def _house_number(self) -> str:
        pick = self.random.randint
        if self.locale == "ja_JP":
            return f"{pick(1, 5)}丁目{pick(1, 30)}番{pick(1, 20)}号"
        if self.locale == "zh_CN":
            return f"{pick(2, 999)}号{pick(1, 20)}室"
        flat = f"/{pick(2, 90)}" if self.locale == "pl_PL" else ""
        return f"{pick(2, 240)}{flat}"

    def _region(self) -> str:
        faker = self._faker
        name = {"ja_JP": "prefecture", "zh_CN": "province", "ko_KR": "province"}.get(self.locale)
        return str(getattr(faker, name)()) if name else ""

    def _dob(self, _: Value | None) -> Value:
        day = date(1938, 1, 1) + timedelta(days=self.random.randrange(24_000))
        text = write_date(day, self.random.choice(self._rules.dates), self._rules.months)
        return self._value(Kind.DATE_OF_BIRTH, text, day=day)

    def _card(self, _: Value | None) -> Value:
        issuer = self.random.choice(("visa", "mastercard"))
        card = self._ascii.credit_card_number(card_type=issuer)
        joint = self.random.choice(("", " ", "-"))
        return self._value(Kind.CARD, joint.join(card[i : i + 4] for i in range(0, 16, 4)))

    def _account(self, _: Value | None) -> Value:
        form = {
            "en_US": "#########", "en_IN": "###########", "ja_JP": "%######",
            "zh_CN": "6222###############", "ko_KR": "%##-######-##-###",
            "ru_RU": "40817810%###########",
        }.get(self.locale)  # fmt: skip
        if form:
            return self._value(Kind.ACCOUNT, self._digits(form))
        iban = self._faker.iban()
        if self.random.random() < 0.5:
            iban = " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))
        return self._value(Kind.ACCOUNT, iban)

    def _id(self, _: Value | None) -> Value:
        faker = self._faker
        special = {"en_IN": "aadhaar_id", "es_ES": "nif", "pt_BR": "cpf"}.get(self.locale, "ssn")
        form = {"ja_JP": "%### #### ####", "de_DE": "%# ### ### ###"}.get(self.locale)
        if form:
            return self._value(Kind.ID, self._digits(form))
        return self._value(Kind.ID, getattr(faker, special)())

    def _ip(self, _: Value | None) -> Value:
        return self._value(
            Kind.NETWORK, self.random.choice((self._faker.ipv4_public, self._faker.ipv6))()
        )

    def _mac(self, _: Value | None) -> Value:
        return self._value(Kind.NETWORK, self._faker.mac_address())

    def number(self, form: str) -> str:
        """Return a number of orders and the like: ``#`` a digit, ``?`` a letter."""
        return "".join(
            self.random.choice(string.ascii_uppercase) if c == "?" else c
            for c in self._digits(form)
        )

    def _digits(self, form: str) -> str:
        pick = self.random.choice
        return "".join(
            pick(string.digits) if c == "#" else pick("123456789") if c == "%" else c for c in form
        )

    def _value(self, kind: Kind, text: str, parts: tuple[str, ...] = (), **more: Any) -> Value:
        return Value(kind, text, parts, group=self.locale, **more)


def write_date(day: date, form: str, months: tuple[str, ...]) -> str:
    """Return a date in a notation of ``Locale.dates``."""
    fields = {"y": day.year, "m": day.month, "d": day.day, "month": months[day.month - 1]}
    two = {"mm": f"{day.month:02}", "dd": f"{day.day:02}", "yy": f"{day.year % 100:02}"}
    return form.format_map({**fields, **two})
