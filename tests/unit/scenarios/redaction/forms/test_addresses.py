"""Street addresses by form and after a label; places and products stay."""

import pytest

from tests.unit.scenarios.redaction.forms.forms import redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My address is 42 Wallaby Way, Sydney", "My address is <ADDRESS>, Sydney"),
        ("please deliver to 12 Elm Grove", "please deliver to <ADDRESS>"),
        ("I live at 77 Massachusetts Ave, Cambridge", "I live at <ADDRESS>, Cambridge"),
        (
            "Ship the replacement to 8984 Horton Pine, please",
            "Ship the replacement to <ADDRESS>, please",
        ),
        (
            "Ich wohne in der Rosenstr. 12, 10115 Berlin",
            "Ich wohne in der <ADDRESS>, <POSTAL_CODE> Berlin",
        ),
        ("Ich wohne Am Alten Markt 3", "Ich wohne <ADDRESS>"),
        ("Meine Adresse: Lindenallee 5a", "Meine Adresse: <ADDRESS>"),
        ("J'habite au 12 bis rue des Lilas", "J'habite au <ADDRESS>"),
        ("Mon adresse est 3, place de la Liberté", "Mon adresse est <ADDRESS>"),
        ("Vivo en la calle Mayor 12, 3º B", "Vivo en la calle <ADDRESS>, <ADDRESS>"),
        ("mi dirección es Avenida de América, 45", "mi dirección es <ADDRESS>"),
        ("Abito in via Garibaldi 10", "Abito in via <ADDRESS>"),
        ("Indirizzo: Piazza Dante, 4", "Indirizzo: <ADDRESS>"),
        ("Moro na Rua das Flores, 123", "Moro na <ADDRESS>"),
        ("Meu endereço é Travessa do Sol nº 8", "Meu endereço é <ADDRESS>"),
        ("Ik woon op de Keizersgracht 123", "Ik woon op de <ADDRESS>"),
        ("Mieszkam na ul. Długiej 5 m. 3", "Mieszkam na <ADDRESS>"),
        ("Mój adres: Aleje Jerozolimskie 100", "Mój adres: <ADDRESS>"),
        ("Живу на улице Ленина, дом 5, кв. 12", "Живу на <ADDRESS>"),
        ("Адрес: пр. Мира, д. 7", "Адрес: <ADDRESS>"),
        ("Adresim Atatürk Caddesi No: 5", "Adresim <ADDRESS>"),
        ("Lale Sokak No: 5'te oturuyorum", "<ADDRESS>'te oturuyorum"),
        ("住所は東京都千代田区丸の内1丁目2番3号です", "住所は東京都<ADDRESS>です"),
        ("我的地址是上海市浦东新区世纪大道100号", "我的地址是上海市<ADDRESS>"),
        ("请寄到北京市朝阳区建国路88号", "请寄到北京市<ADDRESS>"),
        ("주소는 서울시 강남구 테헤란로 123입니다", "주소는 <ADDRESS>입니다"),
        ("Alamat saya Jl. Merdeka No. 10", "Alamat saya <ADDRESS>"),
        ("Saya tinggal di Jalan Sudirman 25", "Saya tinggal di <ADDRESS>"),
        ("PO Box 1234", "<ADDRESS>"),
        ("Postfach 12 34", "<ADDRESS>"),
        ("Address is Flat No 12, Gandhi Nagar", "Address is <ADDRESS>"),
        ("My new address: 5 Rue Cler", "My new address: <ADDRESS>"),
        ("we live at Studio 58, Jones Mills", "we live at <ADDRESS>"),
        ("I've moved to 31 Clarke Keys", "I've moved to <ADDRESS>"),
    ],
)
def test_street_address_is_found(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mandami 2 Big Mac per favore",
        "Wy\u015blij 3 Bilety na koncert",
        "There are 2 Way mirrors",
        "I live in New York since 2015",
        "我住在上海浦东已经10年了",
        "카드로 3만원 결제했어요",
        "My order should go to Store 45",
        "I live in Berlin",
        "Ich wohne in Hamburg",
        "住所は東京です",
        "我住在北京",
        "I live in Paris with 3 cats",
        "Send it to Gate 12",
        "deliver to my office by 5 May",
        "Place Order 12 now",
        "via LHR 12",
        "Sitzplatz 14",
        "Bahnhof 12",
        "ThinkPad 14",
        "Room 217 at the Hilton",
        "ship to Canada in 3 days",
        "I need 2 tickets to New York",
        "Terminal 5, Gate B12",
        "5 star hotel near Times Square",
        "10 Downing",
        "Via Roma is nice",
        "We moved to Berlin in 2010",
        "send it to 2 friends",
        "10 rue",
        "numero 12 en la lista",
        "gracias por la calle",
    ],
)
def test_place_without_street_stays(text: str) -> None:
    assert redact(text) == text
