"""Labels: words before or after a value that tell its kind, in the languages of the locales.

Written in lower case without the accents of Latin letters, see :func:`fold`; ``*`` at the end
stands for any ending ("telefon*": "Telefonnummer", "telefonum").
"""

from shared.scenarios.redaction.kinds import Kind
from shared.scenarios.text import word_set

_PHONE = """
reachable, phone me, buzz me, get hold of me, get back to me on, get back to me at, message me
try me, catch me, my no, my new number, give me a ring, numbers to call, meine nr, meine neue nummer
melden sie sich, meldet euch, meld dich, anruf*, unter der nummer, zuruckrufen, rufen mich, handynr
durchwahl, unsere nummer, reperibil*, raggiungibil*, squillo, fisso, rispondo al, mi trova al
mi trovate al, mio nuovo numero, nuovo numero di telefono, numero mio, ricontatt*, bel even, belt u
bel terug, app me, appen, app mij, app naar, mijn nr, 06-nummer, mijn nieuwe nummer, bel naar
bel ons, te bereiken, contestar*, contesto, ubicar*, marque, wasap*, guasap*, wsp, mi nuevo numero
localizable, me encuentra en, me llaman, telefonear, telephonez, rappelle*, mon nouveau numero
au numero, numero joignable, me joindre, nous joindre, contact tel, me chama no, chame, me chame
meu novo numero, disque, whats, wpp, retornar, retornem, falar comigo, ligacao, zadzwonic, oddzwonic
pod numerem, pod nr, moj nr, moj nowy numer, sms-a, smsa, kontaktowy, do kontaktu, наберите, набрать
набирайте, для связи, на связи, дозвон*, мой новый номер, смс, номерок, cebim*, geri donun
ulasirsiniz, ulasmak, hattim, mesaj atin, yeni numaram, iletisim*, かけて*, おかけ*, ご連絡*, 直通*
ショートメール*, 回拨*, 回电*, 来电*, 微信*, 短信*, 打我*, 打给*, 联络*, 문자*, 걸어*, 폰*, 콜백*
ligu*, llamen*, contacten, contactez, contactad, contatt*, contate*, kontakt*, joignez*, call you
reach you, ring you, text you, zuruckruf*, richiam*, ligam*, oddzwon*, terugbel*, 折り返し*
arayalim, aramamizi, связаться, phone*, tel, cell, cellphone*, cell phone*, landline, fax, whatsapp*
viber, sms, my number, our number, his number, her number, their number, callback, call back
contact number, contact, contact no, contact me, contact us, call me, call us, call him, call her
call, ring me, ring us, get me on, get me at, number for me, best number, number to call
number to reach, ring, text me, text us, text him, text her, reach me, reach us, reach him
reach her, dial, wa, telefon*, telefoon*, handy*, mobil*, rufnummer*, ruckruf*, meine nummer
erreichbar, erreichen, anrufen, ruf mich, rufen sie, festnetz*, teleph*, portable, joindre
joignable, appelez*, appeler, rappeler, rappelez*, mon numero, mon num, fixe, movil, celular*
llame*, llama*, localizar*, mi numero, contactar*, contacto, cellular*, recapito*, chiam*
mio numero, contattar*, telemovel, meu numero, ligar, liga-me, me liga, contato, zap, mobiel*, gsm
bellen, bel me, bel mij, ruckfrag*, mijn nummer, bereikbaar, bereiken, komork*, moj numer, dzwon*
zadzwon*, телефон*, тел, мобильн*, моб, сот, сотов*, мой номер, звон*, позвон*, перезвон*, ватсап*
вотсап*, numaram, numaramiz, cep, arayin*, arayabilir*, arayip, ara beni, ulasabilir*, ulasin*
電話*, 携帯*, 連絡先*, 私の番号, 手机*, 手機*, 电话*, 致电*, 联系方式*, 联系号码*, 我的号码, 拨打*
打给我*, 请打, 联系, 전화*, 휴대폰*, 핸드폰*, 휴대전화*, 연락처*, 내 번호, 제 번호, फ़ोन*, फोन*
मोबाइल*, मेरा नंबर*, कॉल*, संपर्क*, व्हाट्सएप*, telepon*, telp, ponsel, hp, nomor saya, nomorku
hubungi*, mob, cel, ph, phone no, tel no, tel. no, fon, telnr, callback number, numero de telefono
numero di telefono, numero de telephone, numero de telefone, nr telefonu, numer telefonu, numer tel
연락*, 聯絡*, 联系人电话*, durchklingel*, anklingel*, rueckruf*, retorno no, retorno em
nummer van de, nummer van het, nummer van mijn, nummer vom, nummer meiner, nummer meines
numero de ma, numero de mon, numero de mi, numero di mia, numero di mio, numero del mio
numero della mia, numero da minha, numero do meu, numer mojej, numer mojego, номер моей
номер моего, wife's number, husband's number, mother's number, mom's number, father's number
dad's number, sister's number, brother's number, son's number, daughter's number
"""
_ACCOUNT = """
account, account number, account no, acct, acct number, a/c, bank account, iban*, routing, sort code
bic, konto*, kontonummer, bankverbindung, compte, compte bancaire, numero de compte, rib, cuenta*
numero de cuenta, clabe, cbu, conto, conto corrente, numero di conto, conta, conta corrente
numero da conta, rekening*, bankrekening*, numer konta, konta, rachunek, numer rachunku, rachunku
счет*, счёт*, р/с, расчетн*, hesap*, hesabim*, 口座*, 普通預金*, 当座預金*, 账号*, 账户*, 賬號*
帳號*, 银行账*, 계좌*, खाता*, खाते*, nomor rekening
"""
_CARD = """
card number, card no, card, credit card, debit card, visa, mastercard, amex, kreditkarte*
kartennummer*, carte bancaire, numero de carte, carte de credit, tarjeta*, carta di credito
numero della carta, cartao*, kaart*, creditcard*, karta, karty, karte, номер карт*, карт*, kart*
kredi kart*, カード*, 卡号*, 信用卡*, 银行卡*, 카드*, कार्ड*, kartu kredit
"""
_ID_NUMBER = """
passport*, ssn, social security*, national id*, national insurance*, tax id*, id card, id number
driver's licen*, drivers licen*, driver licen*, driving licen*, licence number, license number
insurance number, ni number, itin, nhs number, aadhaar*, aadhar*, pan card, pan number, pan, pan no
voter id, reisepass*, passnummer*, personalausweis*, ausweis*, fuhrerschein*, steuer-id*, steuer id*
steueridentifikation*, steuernummer*, sozialversicherung*, versicherungsnummer*
krankenversicherung*, passeport*, carte d'identite, piece d'identite, numero de securite sociale
securite sociale, permis de conduire, numero fiscal, numero secu, carte vitale, dni, nif, curp
carnet de conducir, carne de conducir, licencia de conducir, cedula*, seguridad social
documento de identidad, numero de identidad, passaporto*, codice fiscale, carta d'identita
carta di identita, patente*, partita iva, tessera sanitaria, passaporte*, cpf, cnpj, rg, cnh
carteira de identidade, carteira de motorista, contribuinte, cartao de cidadao, paspoort*, bsn*
rijbewijs*, identiteitskaart*, identiteitsbewijs*, burgerservice*, paszport*, pesel*, dowod*
prawo jazdy, prawa jazdy, nip, паспорт*, инн, снилс*, водительск*, удостоверени*, загранпаспорт*
pasaport*, tc kimlik*, t.c. kimlik*, kimlik*, ehliyet*, vergi no*, vergi numara*, sgk*, パスポート*
旅券*, マイナンバー*, 個人番号*, 免許証*, 運転免許*, 保険証*, 保険者番号*, 身份证*, 身分證*, 護照*
护照*, 驾照*, 驾驶证*, 社保*, 医保*, 税号*, 주민등록*, 주민번호*, 여권*, 운전면허*, 면허*, पासपोर्ट*
आधार*, पैन*, लाइसेंस*, paspor*, nik, ktp, npwp, nomor induk kependudukan, bpjs, полис омс*
медицинский полис*, медполис*, identifikationsnummer*, steuerliche identifikation*, idnr
tax number*, taxpayer*, my social, social insurance*, national number*, matricule national, secu
numero insee, insee, cf, tc, tc no, tc'm, tcm, tckn*, nino*, documento nacional*, citizen card*
rijksregister*, id-nummer, persoonsnummer*, sofinummer*, numer dowodu*, seria i numer dowodu*
证件号*, 証件號*, 在留カード*, 外国人登録*, 외국인등록*, 신분증*, tarjeta de identidad, tin number
numero de identificacion
"""
_PIN = """
cvv, cvv2, cvc, security code, pin, pin code, passcode, password*, passphrase, pwd, otp
verification code, one-time code, access code, passwort*, kennwort*, sicherheitscode*, prufnummer*
prufziffer*, mot de passe, code secret, code de securite, code pin, cryptogramme, contrasena*
clave secreta, codigo de seguridad, codigo secreto, codice di sicurezza, codice segreto
parola d'ordine, senha*, codigo de seguranca, palavra-passe, wachtwoord*, beveiligingscode*, pincode
hasl*, kod bezpieczenstwa, kod pin, парол*, пин, пин-код*, код безопасности, sifre*, parola*
guvenlik kodu, パスワード*, 暗証番号*, セキュリティコード*, 密码*, 密碼*, 安全码*, 验证码*, 口令*
비밀번호*, 보안코드*, 인증번호*, पासवर्ड*, पिन*, kata sandi*, sandi, kode keamanan, clave, salasana
pass code, passkey, codice pin, パスコード*, 비번*, 통행코드*
"""
_CREDENTIAL = """
creds, credentials, credential, personal access token*, pat, session token*, session cookie
signing secret*, connection string*, hmac, zugangsdaten, identifiants de connexion, credenciais
credenciales, credenziali, inloggegevens, dane logowania, учетные данные, api key*, apikey
access key*, secret key*, secret access key, access token*, auth token*, api token*, bearer token
refresh token, client secret*, token*, secret, private key*, api-schlussel*, cle api, cle d'api
jeton*, clave api, clave de api, clave de acceso, chiave api, chave api, chave de api, chave da api
api-sleutel*, klucz api, апи-ключ*, api-ключ*, ключ api, токен*, api anahtar*, apiキー*
アクセスキー*, トークン*, api密钥*, 密钥*, 令牌*, api 키*, 토큰*, kunci api, api-key*, key
secret token*, app token*, deploy key*, ssh key*, license key*, licence key*, signing key*
webhook secret*, schlussel, geheimschlussel*, zugriffsschlussel*, zugangstoken*, zugriffstoken*
geheimnis, cle, cle secrete, cle d'acces, cle prive*, secreto, clave secreta de*, chiave
chiave segreta, segreto, token di accesso, chave, chave secreta, chave de acesso, segredo, sleutel
geheime sleutel, toegangstoken*, klucz, tajny klucz, klucz dostepu, sekret, ключ, секретный ключ*
ключ доступа*, секрет, anahtar*, gizli anahtar*, erisim anahtar*, シークレット*, 秘密鍵*, 認証キー*
访问密钥*, 私钥*, 密鑰*, 秘钥*, 시크릿*, 비밀키*, 비밀 키*, 액세스 키*, 인증키*, 인증 키*, टोकन*
कुंजी*, kunci rahasia
"""
_USER_ID = """
user id*, userid, user-id, user name*, username*, login*, customer id, member id, client id
benutzername*, identifiant*, nom d'utilisateur, nombre de usuario, usuario, nome utente, utente
nome de usuario, gebruikersnaam*, nazwa uzytkownika, логин*, kullanici adi*, 用户名*, ユーザー名*
사용자 이름*
"""
_POSTAL_CODE = """
zip*, postal code*, post code*, postcode*, postleitzahl*, plz, code postal*, codigo postal*, cep
kod pocztowy*, почтовый индекс*, индекс*, posta kodu*, 郵便番号*, 邮编*, 邮政编码*, 우편번호*
पिन कोड*, kode pos*
"""
_ADDRESS = """
where should we, where shall we, where can we, where do you live, where to, wohin, ou envoyer
ou livrer, a donde, adonde, donde vive, dove abita, dove sped*, dove invi*, para onde, onde mora
waarheen, waar woon*, dokad, gdzie mieszka*, куда, где вы живете, nereye, nerede otur*, どちらに*
どこに*, 寄哪*, 送哪*, 어디로*, 어디에*, ke mana, कहाँ*, address, address is, home address
my address, new address, i live at, i live in, i live on, we live at, we live in, living at, live at
lives at, reside at, residing at, ship it to, ship them to, ship to, shipped to, send it to
send them to, send this to, send that to, send the package to, send the parcel to, deliver it to
deliver them to, deliver to, delivered to, sent to, moved to, mail it to, post it to, pick it up at
bring it to, drop it at, adresse*, anschrift*, wohne, wohnhaft, wohnen, liefer*, schick*, sende*
zustell*, habite*, j'habite*, habitons, domicilie*, livr*, envoy*, expedi*, demeurant, direccion*
vivo en, vivimos en, domicilio*, mande*, entregar*, entregue*, resido en, indirizzo*, abito*
abitiamo, risiedo*, vivo in, sped*, invi*, consegn*, residente*, endereco*, moro*, moramos, resido*
entreg*, envi*, mand*, adres*, woon*, wonen, bezorg*, stuur*, sturen, mieszkam*, mieszkamy
zamieszkal*, wysl*, dostarcz*, przesl*, адрес*, живу*, живем, живём, проживаю*, прописан*, достав*
отправьте, отправить, пришлите, oturuyorum*, ikamet*, adresim*, adresime*, gonder*, teslim*, 住所*
住んで*, お届け先*, 届け先*, 送付先*, 地址*, 住址*, 住在*, 家住*, 寄到*, 送到*, 收货地址*, 주소*
배송지*, पता*, रहता हूँ*, रहती हूँ*, रहते हैं*, alamat*, tinggal di, kirim ke, rumah saya
"""
#: Numbers of things, and quantities: no value of these is personal data.
_IMPERSONAL = """
order*, booking*, flight*, shipment*, parcel*, package*, product*, item*, article*, sku, ticket*
case, invoice*, bill, receipt*, transaction*, payment*, reference*, ref, confirmation*
customer number, customer no, membership*, member number, policy*, contract*, serial*, model*, imei
isbn, ean, upc, version*, price*, cost*, total*, amount*, quantity*, qty, weight, gate, seat*, room*
id, ends in, ending in, ending with, ends with, ending, last four, last 4, last digits, coupon*
voucher*, promo*, discount*, batch, lot, part number, part no, po number, purchase order, request*
claim*, case number, incident*, rma, bestell*, auftrag*, buchung*, reservierung*, flug*, sendung*
paket*, artikel*, rechnung*, vorgang*, vertrag*, kundennummer*, seriennummer*, lieferschein*
gutschein*, preis*, betrag*, menge*, letzten vier, endet auf, endziffern, referenz*, zimmer*
commande*, vol, suivi, produit*, facture*, contrat*, numero client, prix, montant, quantite*
billet*, bon, derniers chiffres, se terminant, finit par, numero de serie, pedido*, reserva*, vuelo*
paquete*, envio, articulo*, factura*, numero de cliente, precio*, importe*, cantidad*, cupon*
terminada en, termina en, ultimos, expediente*, ordine*, ordini, prenotazion*, volo, pacco
spedizione, prodotto*, articolo, fattura*, scontrino, codice cliente, prezzo, importo, quantita
ultime quattro, termina con, biglietto, encomenda*, voo, pacote, produto*, fatura*, nota fiscal
protocolo*, preco, valor, quantidade, ultimos quatro, final, terminado em, boeking*, reservering*
vlucht*, pakket*, zending*, track*, factuur*, klantnummer*, prijs*, bedrag*, aantal*, eindigt op
laatste vier, polis*, offerte*, zamowieni*, rezerwacj*, lotu, przesylk*, paczk*, faktur*
numer klienta, zlecen*, kwot*, ilosc*, ostatnie cztery, reklamacj*, umow*, заказ*, брон*, рейс*
посылк*, отправлени*, трек*, товар*, артикул*, билет*, накладн*, договор*, обращени*, заявк*, цен*
сумм*, стоимост*, количеств*, последние*, чек*, инвойс*, siparis*, rezervasyon*, ucus*, kargo*
takip*, urun*, bilet*, musteri no*, fiyat*, tutar*, miktar*, son dort*, son 4, talep*, parti no
注文*, 予約*, 便*, 追跡*, 荷物*, 商品*, 製品*, 品番*, 型番*, お客様番号*, 値段*, 価格*, 金額*, 数量*
下4桁*, 下四桁*, チケット*, 問い合わせ番号*, 伝票*, 订单*, 訂單*, 预订*, 预约*, 航班*, 快递*, 运单*
包裹*, 产品*, 货号*, 型号*, 发票*, 工单*, 客户号*, 价格*, 金额*, 尾号*, 后四位*, 单号*, 流水号*
주문*, 예약*, 항공편*, 송장*, 운송장*, 상품*, 제품*, 청구서*, 고객번호*, 가격*, 금액*, 수량*
끝자리*, 뒷자리*, ऑर्डर*, बुकिंग*, फ्लाइट*, उड़ान*, ट्रैकिंग*, पार्सल*, उत्पाद*, टिकट*, बिल*, राशि*
कीमत*, pesanan*, penerbangan*, resi*, produk*, tiket*, tagihan*, harga*, jumlah*, nomor pelanggan
order number, work order*, job number, job no, quote*, quotation*, estimate no, docket*, file number
file no, case no, case ref*, application*, applicant ref*, permit*, licence plate, plate number
registration*, enrolment*, enrollment*, student number, student no, meter*, meter reading, tariff
consignment*, waybill*, awb, container*, delivery note*, delivery number, delivery no, warranty*
repair*, return number, return label, return authorization*, authorization code, auth code
approval code, dispute*, complaint*, support request*, service request*, call number, log number
protocol number, report number, report no, crime ref*, prescription*, rx, subscription*, bill number
statement*, remittance*, check number, cheque number, deposit slip, transfer number, folio*
barcode*, asset tag, asset number, device id, catalog*, vin, engine number, tram, store number
job id, build, commit, pull request, issue, error*, error code, firmware, license plate, dossier*
reg no, reg. no, card here that says, parcel card*, locator*, record locator*, council tax*
sinistre*, exhibit*, lease*, tenancy*, rental*, agreement*, raffle, lottery, patch, ref., our ref
your ref, angebot*, mahnung*, antrag*, akte*, geschaftszeichen*, versicherungsschein*, zahler*
zeichen, kassenzeichen*, beleg*, reklamation*, retoure*, storno*, anfrage*, meldung*, stornierung*
frachtbrief*, fahrgestell*, kennzeichen*, gleis, wagen, sitz*, mitglieds*, matrikel*, rezept*
gerat*, inventar*, gutachten*, storung*, verwendungszweck*, chargen*, charge, zahlung*
numero de commande, reclamation*, demande*, requete*, devis*, police*, compteur*, releve*
bordereau*, colis*, envoi*, intervention*, plainte*, adhesion*, adherent*, abonnement*
immatriculation*, numero d'ordre, no de serie, serie, siege, voiture, vols, ordonnance*, bon de*
virement*, cheque*, echeance*, quittance*, proces-verbal*, amende*, enregistrement*, suivis
numero de suivi, numero de dossier, guichet, numero de pedido, orden*, siniestro*, incidencia*
reclamacion*, solicitud*, tramite*, poliza*, contador*, lectura*, recibo*, albaran*, presupuesto*
guia*, rastreo*, envios, seguimiento*, devolucion*, caso*, boleto*, asiento, anden, matricula*
suscripcion*, socio*, afiliado*, referencia*, localizador*, bastidor*, multa*, denuncia*, receta*
transferencia*, operacion*, justificante*, cotizacion*, remision*, autorizacion*, registro*, aviso*
averia*, numero d'ordine, pratica*, pratiche, sinistro*, segnalazion*, reclamo*, reclami, richiest*
polizza*, polizze, contatore*, lettura*, bolletta*, ricevuta*, preventivo*, reso, biglietti*, posto
binario, carrozza, treno*, targa*, abbonament*, tesserino*, riferimento*, codice prenotazion*
telaio*, verbale*, ricetta*, garanzia*, bonifico*, operazione*, scontrini*, lotto*, protocollo*
matricola*, intervento*, guasto*, numero di serie, fascicol*, cedolin*, numero do pedido, apolice*
chamado*, ocorrencia*, reclamacao*, solicitacao*, requerimento*, processo*, atendimento*, medidor*
relogio*, leitura*, orcamento*, rastreamento*, rastreio*, codigo de rastreio, devolucao*, bilhete*
passagem*, poltrona*, portao*, plataforma*, vagao*, trem, placa*, inscricao*, assinatura*, chassi*
receita*, comprovante*, nf-e, nfe, cotacao*, autorizacao*, ordem de servico, voos, bestelnummer*
schade*, melding*, klacht*, aanvraag*, verzoek*, zaak*, bonnummer*, kassabon*, vrachtbrief*
kaartje*, stoel*, spoor, perron*, wagon*, trein*, kenteken*, lidnummer*, lidmaatschap*, kenmerk*
referentie*, serienummer*, boete*, recept*, betaling*, overboeking*, storing*, opdracht*
numer zamowienia, spraw*, szkod*, zgloszeni*, wniosek*, wniosk*, podani*, licznik*, odczyt*
rachunk*, paragon*, wycen*, ofert*, listu przewozowego, list przewozowy, zwrot*, miejsce, peron*
pociag*, rejestracyjn*, legitymacj*, abonament*, karnet*, referencyjn*, seryjn*, numer seryjny
mandat*, gwarancj*, przelew*, sygnatur*, awari*, kod rezerwacji, incydent*, usterk*, napraw*
wypozyczeni*, номер дела, убыт*, жалоб*, претензи*, запрос*, инцидент*, полис*, счетчик*, счётчик*
показани*, квитанци*, смет*, предложени*, возврат*, вагон*, место, поезд*, гос номер*, госномер*
абонемент*, членск*, студенческ*, справк*, ссылк*, серийн*, штраф*, рецепт*, гаранти*, платеж*
платёж*, перевод*, протокол*, ремонт*, заявлени*, тикет*, страховой случай*, ошибк*, отслеживани*
код брони, vin-код*, аренд*, платформ*, лицевого, лицевой, siparis numara*, dosya*, hasar*, sikayet*
basvuru*, istek*, olay*, sayac*, endeks*, makbuz*, dekont*, teklif*, gonderi*, irsaliye*, iade*
koltuk*, vagon*, plaka*, abone*, uyelik*, uye no*, referans*, seri no*, seri numara*, sasi*, ceza*
recete*, garanti*, havale*, islem*, servis*, ariza*, kayit*, sozlesme*, pnr*, evrak*, tesisat*
barkod*, parca*, ihbar*, 受付*, 案件*, 整理番号*, 証券番号*, 契約*, 申込*, 申請*, 申し込み*, 請求*
お問い合わせ*, 問合せ*, 管理番号*, シリアル*, 製造番号*, 検針*, メーター*, 見積*, 領収*, 送り状*
返品*, 修理*, 号車*, 座席*, 搭乗*, 乗車*, 列車*, 会員*, 学籍*, 事故*, 保証書*, 処方*, 振込*, ロット*
発注*, 納品*, 番線*, 参照*, 口数*, オーダー*, ケース*, 保険金*, トラッキング*, クレーム*, 取引*
承認番号*, 診察券*, 理赔*, 保单*, 案号*, 受理*, 投诉*, 申请*, 合同*, 序列号*, 电表*, 水表*, 读数*
收据*, 报价*, 物流*, 退货*, 退款*, 维修*, 座位*, 车厢*, 列车*, 车次*, 会员*, 学号*, 保修*, 处方*
转账*, 交易*, 批次*, 批号*, 编号*, 查询号*, 报修*, 报案*, 服务单*, 参考号*, 登机*, 车牌*, 快件*
凭证*, 缴费*, 户号*, 工号*, 접수*, 사건*, 증권*, 계약*, 신청*, 문의번호*, 문의 번호*, 시리얼*
일련번호*, 제조번호*, 계량기*, 견적*, 영수증*, 배송번호*, 반품*, 환불*, 수리번호*, 수리 번호*, 좌석*
호차*, 열차*, 탑승*, 회원*, 학번*, 사고*, 보증서*, 처방*, 이체*, 거래*, 승인번호*, 보험금*, 클레임*
민원*, 티켓*, 참조*, 관리번호*, 요금*, 택배*, 예매*, दावा*, शिकायत*, आवेदन*, अनुरोध*, केस*, पॉलिसी*
मीटर*, रसीद*, चालान*, संदर्भ*, सीरियल*, सीट*, ट्रेन*, वापसी*, klaim*, keluhan*, permohonan*
kuitansi*, nomor seri*, nomor resi*, kursi, kereta*, referensi*, kontrak*, abo, akta, akt, akty, акт
дело, дела, делу, fallnummer*, partia, partii, партия, партии, zug, zugnummer*, avis, 配送番号*
配達番号*, retour, recu, parte, partes, voli, nota, notas, fis, fisi, fis no, tren, numero de lote
partijnummer*
"""

#: Labels by kind; those of None tell that a value is no personal data.
LABELS: dict[Kind | None, str] = {
    Kind.PHONE: _PHONE,
    Kind.ACCOUNT: _ACCOUNT,
    Kind.CARD: _CARD,
    Kind.ID_NUMBER: _ID_NUMBER,
    Kind.SECRET: _PIN,
    Kind.CREDENTIAL: _CREDENTIAL,
    Kind.USER_ID: _USER_ID,
    Kind.POSTAL_CODE: _POSTAL_CODE,
    Kind.ADDRESS: _ADDRESS,
    None: _IMPERSONAL,
}
#: Words between a label and its value: "is", "number", "now".
LINKS = word_set(
    """
    is are was be would should now the a an my new number numbers no nr num n id code at on under
    as ist sind lautet war nummer die der das neue mein meine est sont numero es el la son era e o
    il lo do da de del della di mio mia meu minha sono sta to jest numer moj moja met mijn nieuwe
    het een это мой моя номер № olan numarasi numaram no'su は が の 番号 番号は です 是 为 為 号
    號 号码 號碼 号码是 号是 은 는 이 가 번호 번호는 है नंबर adalah nomor saya hai ka ki con por
    para with our actual current aktuell it's su
    """
)
