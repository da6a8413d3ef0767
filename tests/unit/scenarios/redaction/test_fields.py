"""Fields: kinds of personal data by names of fields."""

import pytest

from shared.scenarios.redaction.fields import classify_field, classify_fields
from shared.scenarios.redaction.kinds import Kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x-api-key", Kind.CREDENTIAL),
        ("accessToken", Kind.CREDENTIAL),
        ("client_secret", Kind.CREDENTIAL),
        ("Authorization", Kind.CREDENTIAL),
        ("token", Kind.CREDENTIAL),
        ("password", Kind.SECRET),
        ("ip_address", Kind.NETWORK_ADDRESS),
        ("remoteAddr", Kind.NETWORK_ADDRESS),
        ("Telefonnummer", Kind.PHONE),
        ("fecha_nacimiento", Kind.DATE_OF_BIRTH),
        ("endere\u00e7o", Kind.ADDRESS),
        ("pr\u00e9nom", Kind.NAME),
        ("\u4f4f\u6240", Kind.ADDRESS),
        ("cpf", Kind.ID_NUMBER),
        ("next_page_token", None),
        ("max_tokens", None),
        ("public_key", None),
        ("order_id", None),
        ("zip_file", None),
        ("description", None),
    ],
)
def test_field_is_classified_by_its_name(name: str, kind: Kind | None) -> None:
    assert classify_field(name) is kind


@pytest.mark.parametrize(
    ("parent", "name", "value", "kind"),
    [
        ("tenancy", "niNumber", "ZZ344371T", Kind.ID_NUMBER),
        ("tenancy", "aadhaarNo", "2852 5112 9984", Kind.ID_NUMBER),
        ("kunde", "steuerIdentifikationsnummer", "19 137 250 632", Kind.ID_NUMBER),
        ("assure", "numeroSecu", "2 84 05 75 123 456 78", Kind.ID_NUMBER),
        ("契約者", "マイナンバー", "6228 6616 2245", Kind.ID_NUMBER),
        ("traveler", "documentNumber", "C01X00T47", Kind.ID_NUMBER),
        ("applicant", "nationalId", "123456789", Kind.ID_NUMBER),
        ("kunde", "rufnummer", "0865144221", Kind.PHONE),
        ("kunde", "rückruf", "0865144221", Kind.PHONE),
        ("tenant", "contactTel", "01614960123", Kind.PHONE),
        ("abonent", "telKomorkowy", "501234567", Kind.PHONE),
        ("abone", "cepTelefonu", "05321234567", Kind.PHONE),
        ("абонент", "контактныйТелефон", "89161234567", Kind.PHONE),
        ("가입자", "연락처", "01012345678", Kind.PHONE),
        ("客户", "手机号", 13800138000, Kind.PHONE),
        ("phones", "value", "0312345678", Kind.PHONE),
        ("contacto", "numero", "612345678", Kind.PHONE),
        ("абонент", "датаРождения", "15.12.2001", Kind.DATE_OF_BIRTH),
        ("客户", "出生日期", "1951年11月24日", Kind.DATE_OF_BIRTH),
        ("person", "birth", "1977-02-06", Kind.DATE_OF_BIRTH),
        ("person", "birthplace", "Bonn", None),
        ("call", "lastCall", 1700000000, None),
        ("call", "lastContact", "2025-06-01T10:00:00Z", None),
        ("look_up", "documentNo", "07-13976-30", None),
        ("order", "number", "1234567890", None),
        ("order", "phoneOrderId", "1234567890", None),
        ("phone", "phoneModel", "9005000123", None),
    ],
)
def test_label_in_the_name_of_a_field_tells_its_kind(
    parent: str, name: str, value: str | int, kind: Kind | None
) -> None:
    assert classify_fields({name: value}, parent).get(name) is kind


def test_type_beside_a_value_tells_its_kind() -> None:
    phone = {"system": "phone", "value": "0312345678"}

    assert classify_fields(phone, "telecom") == {"value": Kind.PHONE}


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"nombre": "Ana", "apellidos": "Gil Roca"}, {"nombre", "apellidos"}),
        ({"nom": "Adam", "prenom": "Lise"}, {"nom", "prenom"}),
        ({"姓": "鲍", "名": "红霞", "email": "b@example.org"}, {"姓", "名"}),
        ({"displayName": "中村明美", "email": "n@example.org"}, {"displayName"}),
        ({"Mieter": "Otmar Johann", "wohnung": "3"}, {"Mieter"}),
        ({"nome": "Set di lenzuola", "prezzo": "20"}, set()),
        ({"displayName": "Blue chair", "sku": "B-1"}, set()),
    ],
)
def test_fields_of_names_in_other_languages(fields: dict[str, str], names: set[str]) -> None:
    found = classify_fields(fields, "")

    assert {key for key, kind in found.items() if kind is Kind.NAME} == names
