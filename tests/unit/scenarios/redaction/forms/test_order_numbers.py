"""Numbers of orders and the like stay, in many forms and languages, in sentences and alone."""

import random
import string

import pytest

from shared.scenarios.redaction.fields import classify_fields
from tests.unit.scenarios.redaction.forms.forms import redact

#: ``#`` stands for a digit, ``%`` for one but 0, ``?`` for a capital letter, ``x`` for a hex digit.
_FORMS = (
    "########", "%#########", "0#########", "%##########", "%###########", "%############",
    "##-#####-##", "0#-#####-##", "####-####-####", "####-####-####-####", "###-####-###",
    "##-########", "######-####", "####-######", "#####-#####", "##.#####.##", "20##.#####.#",
    "###.###.###", "20##/######", "20##-0######", "#### #### ####", "##### #####", "## ### ### ##",
    "20##-####-##", "0##-####-###", "###/####/##", "##/######", "########?", "?########",
    "??#########", "??#########??", "?##-###-###", "???-20##-#####", "??/20##/####", "?-####-####",
    "1Z?##??#%#########", "###-#######-#######", "####.####.####", "######", "#-###-#####-#",
    "?????####?", "??## #### ####", "##########-#", "###########-##", "00############", "###?###",
    "##-##-##-##", "#.###.###", "xxxxxxxx", "?#?#?#?#?#",
)  # fmt: skip
_SENTENCES = (
    "My order {} has not arrived.", "Any news on claim {}?", "The case number is {}.",
    "Please look at ticket {} for me.", "Contract {} ends soon, my policy is {}.",
    "The meter with serial {} is broken.", "I have invoice {} and shipment {}.",
    "RMA {} was approved.", "Booking reference: {}", "It's about quote no. {}", "PNR {}",
    "Docket {} and application {}", "The permit number I was given is {}.", "Work order {}?",
    "Mein Auftrag {} fehlt noch.", "Das Aktenzeichen lautet {}.",
    "Zum Vorgang {} habe ich Fragen.", "Die Rechnung {} ist bezahlt.", "Vertragsnummer: {}",
    "Schaden {} ist gemeldet.", "Zählernummer {}", "Die Sendung mit der Nummer {} fehlt.",
    "Antrag {} ist noch offen.", "Ma commande {} est en retard.", "Le dossier {} est ouvert.",
    "Mon contrat porte le numéro {}.", "Le sinistre {} traîne.", "Numéro de compteur : {}",
    "La facture {} est fausse.", "Ma réclamation {} reste sans réponse.", "Mi pedido {} no llega.",
    "El expediente {} está abierto.", "La póliza es la {}.", "Número de incidencia: {}",
    "El contador {} no funciona.", "Mi solicitud {} sigue pendiente.",
    "Il mio ordine {} non arriva.", "La pratica {} è ferma.", "Polizza {}, sinistro {}.",
    "Numero del contatore: {}", "La segnalazione {} è aperta.", "Meu pedido {} não chegou.",
    "O protocolo é {}.", "Minha apólice {} venceu.", "Chamado {} aberto.",
    "O processo {} está parado.", "Mijn bestelling {} is zoek.", "Dossiernummer {}",
    "De polis {} loopt af.", "Melding {} staat open.", "Mijn aanvraag {} duurt lang.",
    "Moje zamówienie {} nie dotarło.", "Sprawa {} trwa.", "Numer licznika to {}.",
    "Zgłoszenie {} i polisa {}.", "Wniosek {} czeka.", "Мой заказ {} не пришёл.",
    "Обращение {} открыто.", "Заявка {} без ответа.", "Полис {} и договор {}.",
    "Номер счётчика {}", "Siparişim {} gelmedi.", "Dosya numarası {}",
    "{} numaralı siparişim gelmedi.", "Poliçe no {}, talep no {}.", "{} nolu başvurum",
    "Sayaç seri no {}", "注文番号は{}です。", "受付番号{}の件です。", "案件{}について",
    "証券番号は{}です。", "{}の注文が届きません。", "订单{}还没到。", "工单{}", "保单号是{}。",
    "申请编号{}", "合同号{}有问题。", "주문번호 {}가 안 왔어요.", "접수번호는 {}입니다.",
    "증권번호 {}예요.", "계약번호: {}", "문의번호 {}", "मेरा ऑर्डर {} नहीं आया।",
    "शिकायत {} दर्ज है।", "Pesanan {} belum sampai.", "Nomor resi {}",
)  # fmt: skip
_FIELDS = (
    "orderNumber", "claimNo", "case_ref", "ticketId", "contract", "policyNumber", "meterSerial",
    "shipment", "rma", "bookingReference", "quote_no", "incident", "applicationNumber", "docketNo",
    "Aktenzeichen", "vorgangsnummer", "numeroDossier", "expediente", "protocolo", "pratica",
    "numer_sprawy", "номерЗаявки", "dosyaNo", "受付番号", "工单号", "접수번호", "documentNo",
    "reference",
)  # fmt: skip
_ROUNDS = 5


def _number(form: str, source: random.Random) -> str:
    of = {
        "#": string.digits,
        "%": "123456789",
        "?": string.ascii_uppercase,
        "x": "0123456789abcdef",
    }
    return "".join(source.choice(of[one]) if one in of else one for one in form)


@pytest.mark.parametrize("form", _FORMS)
def test_number_after_noun_of_a_thing_stays(form: str) -> None:
    source = random.Random(form)
    texts = [
        sentence.replace("{}", _number(form, source))
        for sentence in _SENTENCES
        for _ in range(_ROUNDS)
    ]

    assert [(text, redact(text)) for text in texts if redact(text) != text] == []


@pytest.mark.parametrize("form", _FORMS)
def test_number_in_field_of_a_thing_stays(form: str) -> None:
    source = random.Random(form)
    for name in _FIELDS:
        number = _number(form, source)

        assert classify_fields({name: number, "status": "open"}, "look_up") == {}
