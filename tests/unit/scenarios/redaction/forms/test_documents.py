"""Identity, tax, bank and card numbers, PINs and passwords."""

import pytest

from tests.unit.scenarios.redaction.forms.forms import redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my BSN is 111222333", "my BSN is <ID_NUMBER>"),
        ("PESEL 44051401359", "PESEL <ID_NUMBER>"),
        ("CPF 529.982.247-25", "CPF <ID_NUMBER>"),
        ("meu cpf é 52998224725", "meu cpf é <ID_NUMBER>"),
        ("codice fiscale RSSMRA85T10A562S", "codice fiscale <ID_NUMBER>"),
        ("Il mio CF è RSSMRA85T10A562S", "Il mio CF è <ID_NUMBER>"),
        ("DNI 12345678Z", "DNI <ID_NUMBER>"),
        ("mi NIE es X1234567L", "mi NIE es <ID_NUMBER>"),
        ("Aadhaar 2345 6789 0124", "Aadhaar <ID_NUMBER>"),
        ("PAN ABCPE1234F", "PAN <ID_NUMBER>"),
        ("身份证号11010519491231002X", "身份证号<ID_NUMBER>"),
        ("我的护照号码是E12345678", "我的护照号码是<ID_NUMBER>"),
        ("TC kimlik no 10000000146", "TC kimlik no <ID_NUMBER>"),
        ("СНИЛС 112-233-445 95", "СНИЛС <ID_NUMBER>"),
        ("паспорт 4510 123456", "паспорт <ID_NUMBER>"),
        ("ИНН 500100732259", "ИНН <ID_NUMBER>"),
        ("SSN 536-90-4399", "SSN <ID_NUMBER>"),
        ("NI number AB 12 34 56 C", "NI number <ID_NUMBER>"),
        ("passport no. C01X00T47", "passport no. <ID_NUMBER>"),
        ("driver's license D123-4567-8901", "driver's license <ID_NUMBER>"),
        ("Führerscheinnummer B072RRE2I55", "Führerscheinnummer <ID_NUMBER>"),
        ("Steuer-ID 86095742719", "Steuer-ID <ID_NUMBER>"),
        ("Reisepass C4VK6H7P1", "Reisepass <ID_NUMBER>"),
        ("マイナンバーは123456789018です", "マイナンバーは<ID_NUMBER>です"),
        ("여권번호 M12345678", "여권번호 <ID_NUMBER>"),
        ("NIK 3171234567890123", "NIK <ID_NUMBER>"),
        ("Dowód osobisty ABC123456", "Dowód osobisty <ID_NUMBER>"),
        ("Meine Steuer-ID: 19 137 250 632", "Meine Steuer-ID: <ID_NUMBER>"),
        (
            "Die steuerliche Identifikationsnummer lautet 19 137 250 632, für die Firma",
            "Die steuerliche Identifikationsnummer lautet <ID_NUMBER>, für die Firma",
        ),
        ("tc'm 10000000146", "tc'm <ID_NUMBER>"),
        ("123456789 is my SSN", "<ID_NUMBER> is my SSN"),
    ],
)
def test_identity_number_is_found(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Konto 1234567890", "Konto <ACCOUNT>"),
        ("mi cuenta es 2100 0418 45 0200051332", "mi cuenta es <ACCOUNT>"),
        ("sort code 20-00-00", "sort code <ACCOUNT>"),
        ("routing number 021000021", "routing number <ACCOUNT>"),
        ("IBAN: GB82 WEST 1234 5698 7654 32.", "IBAN: <ACCOUNT>."),
        ("hesap numaram 1234567890", "hesap numaram <ACCOUNT>"),
        ("계좌번호는 110-123-456789입니다", "계좌번호는 <ACCOUNT>입니다"),
        ("Account 12345678", "Account <ACCOUNT>"),
        ("DE89370400440532013000", "<ACCOUNT>"),
        ("card 4111 1111 1111 1111", "card <CARD>"),
        ("Meine Kartennummer ist 4111111111111111", "Meine Kartennummer ist <CARD>"),
        ("номер карты 4111 1111 1111 1111", "номер карты <CARD>"),
        ("환불은 365-045967-79-461 계좌로 부탁드려요", "환불은 <ACCOUNT> 계좌로 부탁드려요"),
        ("İadeyi 1234567890 hesabıma yapın", "İadeyi <ACCOUNT> hesabıma yapın"),
        ("12345678 is my account number", "<ACCOUNT> is my account number"),
    ],
)
def test_account_or_card_number_is_found(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my PIN is 7402", "my PIN is <SECRET>"),
        ("Mein Passwort lautet Sommer2024!", "Mein Passwort lautet <SECRET>!"),
        ("mot de passe : Tr0ub4dor", "mot de passe : <SECRET>"),
        ("la contraseña es gatito99", "la contraseña es <SECRET>"),
        ("пароль qwerty123", "пароль <SECRET>"),
        ("密码是abc12345", "密码是<SECRET>"),
        ("パスワードはabc12345です", "パスワードは<SECRET>です"),
        ("the CVV is 123", "the CVV is <SECRET>"),
        ("my password is Tr0ub4dor&3uLW", "my password is <SECRET>"),
        ("şifrem Kedi1234", "şifrem <SECRET>"),
        ("password: hunter2", "password: <SECRET>"),
        ("PIN code 9981", "PIN code <SECRET>"),
        ("minha senha é gato1234", "minha senha é <SECRET>"),
        ("hasło to Kotek123", "hasło to <SECRET>"),
        ("wachtwoord: Poes123", "wachtwoord: <SECRET>"),
        ('{"password": "Winter2023"}', '{"password": "<SECRET>"}'),
        ("db_password: Winter2023", "db_password: <SECRET>"),
        ("DATABASE_PASSWORD=winterlong", "DATABASE_PASSWORD=<SECRET>"),
    ],
)
def test_pin_or_password_is_found(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2345 6789 0124 is on the box",
        "52998224725",
        "500100732259",
        "12345678Z",
        "Der Zähler 5293-6571-1213-3519 ist defekt",
        "1234.5678.9012",
        "CF/2053/5162",
        "RG735993137",
    ],
)
def test_number_with_a_weak_checksum_and_no_label_stays(text: str) -> None:
    assert redact(text) == text
