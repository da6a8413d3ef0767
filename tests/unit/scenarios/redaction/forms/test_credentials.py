"""Credentials: known forms, headers, assignments, URL parameters; placeholders stay.

The credentials are put together at run time, so that no scanner takes them for working ones.
"""

import random
import string
import time

import pytest

from shared.scenarios.redaction.forms import credentials
from tests.unit.scenarios.redaction.forms.forms import redact


def characters(number: int) -> str:
    """Return random letters and digits, the same in each run."""
    source = random.Random(number)
    return "a1" + "".join(source.choices(string.ascii_letters + string.digits, k=number - 2))


@pytest.mark.parametrize(
    ("prefix", "length"),
    [
        ("sk-", 48),
        ("sk-" + "proj-", 48),
        ("sk-" + "ant-api03-", 80),
        ("sk_" + "live_", 24),
        ("rk_" + "live_", 24),
        ("wh" + "sec_", 32),
        ("gh" + "p_", 36),
        ("gh" + "s_", 36),
        ("github" + "_pat_", 70),
        ("gl" + "pat-", 20),
        ("xo" + "xp-123456789012-", 24),
        ("AI" + "za", 35),
        ("ya" + "29.", 60),
        ("GOC" + "SPX-", 28),
        ("n" + "pm_", 36),
        ("py" + "pi-", 60),
        ("h" + "f_", 34),
        ("S" + "G.", 66),
        ("shp" + "at_", 32),
        ("dop" + "_v1_", 64),
    ],
)
@pytest.mark.parametrize("text", ["Use {}, please.", "key={}", '{{"value": "{}"}}', "({})"])
def test_credential_of_known_form_is_found(prefix: str, length: int, text: str) -> None:
    assert redact(text.format(prefix + characters(length))) == text.format("<CREDENTIAL>")


@pytest.mark.parametrize(
    "credential",
    [
        "AK" + "IA" + characters(16).upper(),
        "S" + "K" + "0123456789abcdef" * 2,
        "110201543:" + characters(35),
        "ey" + characters(20) + ".ey" + characters(40) + "." + characters(30),
        f"-----BEGIN RSA PRIV{''}ATE KEY-----\n{characters(64)}\n-----END RSA PRIV{''}ATE KEY-----",
    ],
)
def test_credential_of_known_structure_is_found(credential: str) -> None:
    assert redact(f"It is {credential} here") == "It is <CREDENTIAL> here"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("curl -H 'Authorization: Bearer {}' https://api.test/", "CREDENTIAL"),
        ("Authorization: Basic {}", "CREDENTIAL"),
        ("x-api-key: {}", "CREDENTIAL"),
        ('"headers": {{"X-Auth-Token": "{}"}}', "CREDENTIAL"),
        ("AWS_SECRET_ACCESS_KEY={}", "CREDENTIAL"),
        ("export SERVICE_TOKEN='{}'", "CREDENTIAL"),
        ("client_secret: {}", "CREDENTIAL"),
        ("https://files.test/d?sig={}&page=2", "CREDENTIAL"),
        ('{{"url": "https://api.test/items?access_token={}"}}', "CREDENTIAL"),
        ("https://b.test/o?X-Amz-Signature={}", "CREDENTIAL"),
        ("https://hooks.slack.com/services/{}", "CREDENTIAL"),
        ("postgres://app:{}@db.internal:5432/app", "CREDENTIAL"),
        ("curl -u admin:{} https://api.test/", "CREDENTIAL"),
        ("my API key is {}", "CREDENTIAL"),
        ("Mein API-Schl\u00fcssel: {}", "CREDENTIAL"),
        ("токен {}", "CREDENTIAL"),
        ("DB_PASSWORD={}", "SECRET"),
        ('{{"password": "{}"}}', "SECRET"),
    ],
)
def test_credential_is_found_by_its_name(text: str, kind: str) -> None:
    assert redact(text.format(characters(32))) == text.format(f"<{kind}>")


def test_cookies_are_found() -> None:
    assert redact("Cookie: sid=abc123; theme=dark") == "Cookie: <CREDENTIAL>"


@pytest.mark.parametrize(
    "text",
    [
        "commit 64616b6e1f2a3b4c5d6e7f8091a2b3c4d5e6f708",
        "123e4567-e89b-12d3-a456-426614174000 is the request id",
        "models gpt-4o-mini-2024-07-18 and claude-3-5-sonnet-20241022",
        "use sk-learn-contrib-2 please",
        "max_tokens=4096, token count: 4096",
        "next_page_token=abc123def456ghi",
        "password reset failed 3 times",
        "I forgot my password",
        "set API_KEY=<your-api-key>",
        "export TOKEN=$MY_TOKEN_2",
        "token: ${{ secrets.TOKEN_1 }}",
        "password: ********",
        "Authorization: Bearer <token>",
        "secret santa 2024",
        "the key is to wait 24 hours",
        "the token expired, auth failed with 403",
        "order_key: W2378156",
        "idempotency_key=8f14e45fceea167a5a36dedd4bea2543",
    ],
)
def test_text_without_credential_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("before", "after", "kind", "length"),
    [
        ("My API token for the mod launcher: ", "", "CREDENTIAL", 32),
        ("the password for the staging db is ", ".", "SECRET", 10),
        ("Here is the token I use for the launcher ", "", "CREDENTIAL", 32),
        ("token (staging) ", "", "CREDENTIAL", 24),
        ("Secret for the order webhook = ", "", "CREDENTIAL", 32),
        ("password for jenkins (prod): ", "", "SECRET", 9),
        ("Das Passwort für den Testserver lautet ", "", "SECRET", 12),
        ("Der Schlüssel der Zahlungsstelle ist ", "", "CREDENTIAL", 24),
        ("Le mot de passe du wifi de la salle est ", "", "SECRET", 10),
        ("La clé du compte de paiement : ", "", "CREDENTIAL", 24),
        ("la contraseña del panel de pruebas es ", "", "SECRET", 10),
        ("la chiave del server di prova è ", "", "CREDENTIAL", 24),
        ("a senha do painel de testes é ", "", "SECRET", 9),
        ("het wachtwoord van de testdatabase is ", "", "SECRET", 10),
        ("hasło do bazy testowej to ", "", "SECRET", 10),
        ("пароль от тестового сервера: ", "", "SECRET", 10),
        ("токен для лаунчера модов — ", "", "CREDENTIAL", 24),
        ("test sunucusunun şifresi: ", "", "SECRET", 10),
        ("测试环境的密钥是", "。", "CREDENTIAL", 24),
        ("ランチャー用のトークンは", "です", "CREDENTIAL", 24),
        ("런처용 토큰은 ", "입니다", "CREDENTIAL", 24),
    ],
)
def test_random_value_after_label_and_words_is_found(
    before: str, after: str, kind: str, length: int
) -> None:
    assert redact(before + characters(length) + after) == f"{before}<{kind}>{after}"


@pytest.mark.parametrize(
    "text",
    [
        "the password for the staging db is on the wiki",
        "The token expires on: 2024-05-05",
        "token limit for the model is 128000",
        "La clave de la reserva es: ABC12345",
        "password reset for ticket CLM-2024-12345",
        "The key to the flat is with Ana, ticket REQ1234567",
    ],
)
def test_words_and_numbers_after_label_stay(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("piece", ["a", "pass", "key_", "next_", "token"])
def test_names_of_harmless_values_are_read_in_linear_time(piece: str) -> None:
    start = time.perf_counter()
    list(credentials._NO_SECRET.finditer(piece * 20_000))

    assert time.perf_counter() - start < 2
