"""Names of persons as written: capitalized words with particles, titles and initials."""

import re

from shared.scenarios.text import word_set

WORD = re.compile(r"[^\W\d_]+(?:['\u2019\u2010-][^\W\d_]+)*")
#: Parts of a name that do not name anybody alone.
PARTICLES = word_set(
    "van von de der den del della delle di da das do dos du d' la le al el bin ibn bint binti ben "
    "ter ten te zu zum zur y e i st ap mac af av dela san abu"
)
#: Roles before a name, which are no part of it.
ROLES = word_set(
    """
    technician engineer landlord landlady tenant tutor teacher doctor nurse driver plumber agent
    advisor caller client member patient owner colleague techniker monteur vermieter vermieterin
    mieter mieterin fahrer arzt ärztin hausmeister kunde kundin patientin halter technicien
    propriétaire locataire conducteur médecin docteur client cliente gardien técnico técnica casero
    inquilino inquilina conductor médico médica cliente paciente portero tecnico proprietario
    affittuario conducente medico dottore dottoressa paziente portiere senhorio inquilino motorista
    zelador huisbaas huurder bestuurder arts klant buurman technik wynajmujący właściciel najemca
    kierowca lekarz klient klientka sąsiad sąsiadka мастер арендодатель хозяин водитель врач клиент
    клиентка абонент teknisyen sahibim kiracı sürücü doktor müşteri komşum
    """
)
#: Titles before and after a name; they stay.
TITLES = ROLES | word_set(
    """
    mr mrs ms mx miss dr prof sir madam madame monsieur mademoiselle mme mlle m herr frau fräulein
    señor señora señorita sr sra srta don doña signor signora signorina sig dott senhor senhora dona
    meneer mevrouw mw dhr pan pani panu panią bay bayan sayın hanım bey господин госпожа г-н г-жа
    гн shri smt ji kumari capt captain sgt
    """
)
#: Capitalized words that are no names: pronouns, greetings, words at the start of a sentence.
NOT_NAMES = word_set(
    """
    i you he she it we they me my your his her our their the a an and or but so if yes no not sure
    okay ok thanks thank thx please hello hi hey dear sorry all everyone everybody there here again
    details information type count list total certainly
    team folks friend guest customer support just also only still really very too is are was were am
    be been in on at to for from with of by as what which who whom whose how when where why can
    could would shall should might must need want like have has had do does did going looking trying
    calling writing one two three economy business first second basic none nothing tell ask let make
    book reserve find cancel change show give call add remove check return send put get that this
    these those good great fine correct right wrong missing misspelled spelled under monday tuesday
    wednesday thursday friday saturday sunday january february march july september october november
    december today tomorrow yesterday sounds perfect exactly absolutely actually unfortunately
    alright never mind back because over anyone someone nobody everything something anything same
    different any both either neither new old other another ready done happy glad afraid kindly
    regards sincerely cheers best kind warm yours ticket order booking reservation flight account
    card address phone email e-mail mail number name date status refund item product shipping agent
    assistant bot user manager neighbour neighbor husband wife mother father brother sister son
    daughter colleague owner tenant patient passenger contact mobile tel cc re fw fwd note ps lovely
    nice pleasure welcome morning afternoon evening bye goodbye usd eur gbp api id url html pdf faq
    usa uk eu american african asian australian austrian belgian brazilian british canadian chilean
    chinese colombian cuban czech danish dutch english european filipino finnish french german greek
    hungarian indian indonesian iranian irish israeli italian japanese jewish christian muslim
    catholic hindu buddhist kenyan korean latin latino latina mexican nigerian norwegian pakistani
    peruvian polish portuguese romanian russian scottish spanish swedish swiss taiwanese thai
    turkish ukrainian vegan vegetarian vietnamese welsh hallo guten tag danke bitte ich sie wir mein
    meine der die das ein eine und aber mit bestellung grüße grüßen freundlichen liebe lieber nein
    herzlichen bonjour merci je vous nous le les une et mais bien cordialement salut commande oui
    non hola gracias yo usted mi y pero pedido saludos buenos buenas días sí quiero buongiorno
    grazie mio il lo gli ordine cordiali saluti ciao sì vorrei oi olá obrigado obrigada eu você meu
    minha atenciosamente bom boa sim quero dank ik u mijn het een en maar met bestelling groet
    groeten goedendag nee dzień dobry dziękuję mój moja i zamówienie pozdrawiam tak nie chcę
    здравствуйте привет спасибо я вы мы мой моя мне у и но не да нет заказ с уважением пожалуйста
    хочу это как где когда что в на добрый день merhaba teşekkürler siz benim ve ama sipariş
    saygılarımla evet hayır selam iyi günler
    yep yeah yup umm uhm just think again here also same still already op auf gewoon denk staat naam
    pues soy creo titular nombre esta está c'est est normalement toujours ici moi sono sempre qui
    credo nome ta tá tu na oi é de novo isso sou przecież chyba jest znowu imię ну вроде снова
    lg vg mfg its au nom fala com parla habla met spreekt sobrenome apellidos apellido cognome
    achternaam nazwisko фамилия vorname nachname soyadı inquilina mieter зовут benim adım yine
    üzerine kayıtlı bende lautet nochmal also eben wohnung hier läuft
    """
)
#: Text between two parts of a name.
IN_NAME = re.compile(rf"[ \u00a0\u2010-]|, |[ \u00a0](?:(?:{'|'.join(sorted(PARTICLES))}) ){{1,3}}")
_INITIAL = re.compile(r"[^\W\d_]\. ?")
_GAP = re.compile(r"[ \u00a0]")
#: Words of one name.
_MAX_WORDS = 5


def fold(word: str) -> str:
    """Return a word in lower case; the Turkish capital i has no second character."""
    return word.lower().replace("\u0307", "")


def name_at(text: str, start: int, *, any_case: bool = False) -> tuple[int, int] | None:
    """Return the span of the name that begins at a position, without titles; None if none does.

    ``any_case`` also takes words in lower case.
    """
    begin: int | None = None
    end, words = start, 0
    position = start
    while words < _MAX_WORDS and (found := WORD.match(text, position)):
        word, lower = found[0], fold(found[0])
        position = found.end()
        dot = text[position : position + 1] == "."
        if begin is None and lower in TITLES:
            position += dot
        elif lower in PARTICLES and (begin is not None or word[0].islower()):
            begin = found.start() if begin is None else begin
        elif lower in NOT_NAMES or not (any_case or word[0].isupper()):
            break
        else:
            begin = found.start() if begin is None else begin
            words += 1
            if len(word) == 1 and dot:  # initial
                position += 1
            end = position
        if not _GAP.match(text, position):
            break
        position += 1
    return (begin, end) if begin is not None and words else None


def name_before(text: str, end: int) -> tuple[int, int] | None:
    """Return the span of the name of at least two words that ends at a position."""
    line = text.rfind("\n", 0, end) + 1
    for found in WORD.finditer(text, max(line, end - 60), end):
        if found[0][0].isupper() and (span := name_at(text, found.start())) and span[1] == end:
            return span if len(text[span[0] : end].split()) > 1 else None
    return None
