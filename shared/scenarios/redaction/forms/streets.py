"""Words of street addresses in the languages of the locales, as parts of patterns."""

from shared.scenarios.text import any_of

#: Lower-case letters with which words of Latin, Greek and Cyrillic script start.
LOWER = "a-z" + "".join(chr(code) for code in range(0xDF, 0x530) if chr(code).islower())
#: Capitalized word, of any script with capitals, or a word of a script without them.
NAME = (
    r"(?:\d{1,3}(?:st|nd|rd|th)\b"
    rf"|(?:[dDlL]['\u2019])?[^\W\d_{LOWER}][\w\u0900-\u0963'\u2019-]*(?:\.(?=[ A-Z]))?)"
)
PARTICLE = (
    r"(?:de|del|della|delle|dei|degli|dello|di|da|do|das|dos|du|des|la|las|los|le|les|of|the|van"
    r"|von|der|den|dem|ter"
    r"|te|het|in der|am|zum|zur|y|e|i|im|'t|sur|sous|aux)"
)
#: English words for streets, and those of invented American addresses.
WORDS = any_of(
    "street", "st", "avenue", "ave", "av", "road", "rd", "boulevard", "blvd", "lane", "ln",
    "drive", "dr", "way", "court", "ct", "place", "pl", "plaza", "square", "sq", "terrace", "ter",
    "trail", "trl", "highway", "hwy", "parkway", "pkwy", "circle", "cir", "alley", "crescent",
    "close", "row", "walk", "embarcadero", "broadway", "real", "expressway", "freeway", "center",
    "ctr", "mall", "loop", "path", "pike", "grove", "gardens", "mews", "hill", "quay", "wharf",
    "green", "nagar", "marg", "colony", "chowk", "bazaar", "sokak", "sokağı", "cadde", "caddesi",
    "straße", "laan", "squares", "estates?", "meadows?", "ridge", "valleys?", "hollow", "heights",
    "manor", "views?", "villages?", "junctions?", "crossing", "creek", "bypass", "causeway",
    "turnpike", "throughway",
)  # fmt: skip
#: Spanish, Italian, Portuguese, French, Polish, Indonesian: the kind of street first.
BEFORE_NAME = any_of(
    "Calle", "C/", "Avenida", "Avda\\.?", "Av\\.", "Plaza", "Pza\\.", "Paseo", "P\u00ba", "Camino",
    "Carretera", "Ronda", "Traves\u00eda", "Pasaje", "Callej\u00f3n", "Glorieta", "Rambla",
    "Cuesta", "Ca\u00f1ada", "Pasadizo", "Urbanizaci\u00f3n", "Alameda", "Acceso", "Via", "V\\.",
    "Viale", "V\\.le", "Piazza", "P\\.zza", "Piazzale", "Corso", "C\\.so", "Largo", "Vicolo",
    "Strada", "Borgo", "Contrada", "Lungomare", "Salita", "Rotonda", "Stretto", "Incrocio",
    "Canale", "Rua", "R\\.", "Travessa", "Pra\u00e7a", "Estrada", "Rodovia", "Beco", "Passarela",
    "Esplanada", "Trecho", "Ladeira", "Vila", "Rue", "Avenue", "Boulevard", "Bd\\.?", "Chemin",
    "All\u00e9e", "Impasse", "Quai", "Route", "Ulica", "ul\\.", "al\\.", "os\\.", "pl\\.", "Aleja",
    "Osiedle", "Plac", "Jl\\.?", "Jalan", "Gg\\.", "Gang", "Praceta", "Quadra", "Vereda",
    "Viaduto", "Ch\u00e1cara", "Condom\u00ednio", "Conjunto", "Loteamento", "Residencial", "Setor",
    "Recanto", "Lagoa", "Vial", "Viela", "Place (?:de|du|des)",
)  # fmt: skip
#: The same words where they are in lower case: Romance languages and Russian.
BEFORE_NAME_LOWER = any_of(
    "calle", "c/", "avenida", "avda\\.?", "plaza", "paseo", "carretera", "viale", "piazza",
    "corso", "vicolo", "rua", "travessa", "pra\u00e7a", "alameda", "estrada", "rue", "boulevard",
    "chemin", "ulica", "ulicy", "alei", "osiedlu", "jalan", "[Уу]л\\.?", "[Уу]лиц[аеуы]",
    "[Пп]р\\.?", "[Пп]р-т\\.?", "[Пп]росп\\.?", "[Пп]роспект[еу]?", "[Пп]ер\\.?",
    "[Пп]ереул(?:ок|ке)", "[Нн]аб\\.?", "[Нн]абережн(?:ая|ой)", "[Бб]ул\\.?", "[Бб]-р",
    "[Бб]ульвар[еу]?", "[Шш]\\.?", "[Шш]оссе", "[Пп]л\\.?", "[Пп]лощад[ьи]", "[Аа]лл(?:\\.|ея|ее)",
    "[Пп]роезд[еу]?", "[Тт]упик", "[Мм]икрорайон", "[Мм]кр\\.?",
)  # fmt: skip
#: Endings of names of streets: German, Dutch.
SUFFIX = (
    r"stra(?:ß|ss)e|str\.|(?<!hin)(?<!r\u00fcck)(?<!heim)(?<!um)(?<!aus)weg"
    r"|(?<![Pp]ark)(?<![Ss]itz)(?<![Ss]tell)(?<![Aa]rbeits)(?<![Ll]ager)platz"
    r"|allee|gasse|damm|ufer|(?<=-)(?:Gasse|Weg|Ring|Platz|Allee|Damm|Ufer|Str\.|Stra(?:ß|ss)e)"
    r"|boulevard|laan|straat|gracht|kade|plein|singel|dreef|steeg|dijk|plantsoen"
    r"|(?<=[a-z] )Stra(?:ß|ss)e"
)
TURKISH = r"Sokak|Sokağı|Sk\.|Sok\.|Cadde(?:si)?|Cad\.|Cd\.|Bulvarı|Blv\.|Mahallesi|Mah\."
#: House number, with its building, staircase and flat.
HOUSE = (
    r"(?:,? ?(?:(?i:n[\u00ba\u00b0.]|nr\.?|no[.:]?|num\.?|n\u00famero|д\.?|дом|blok|№) ?)?"
    r"|, ?)(?<=[\s,.:\u00ba\u00b0д№])\d{1,5}"
    r"(?: ?(?![кдс]\.)[A-Za-zА-я](?![\w]))?(?:[/-]\d{1,4}[A-Za-z]?)*(?![\w:]|[.,]\d|%)"
    r"(?:,? (?i:к|корп|стр|кв|оф|под|эт|лит|m|lok|Apt|Piso|Piano"
    r"|Appartamento)\.? ?\d{1,4}(?:/\d{1,4})*)*"
)
UNIT = (
    r"(?i:(?:studio|suite|ste|apt|apartment|unit|flat|floor|room|bldg|building|block|blok|piso"
    r"|planta"
    r"|puerta|esc|apto|apartamento|bloco|casa"
    r"|andar|piano|interno|scala|bus|wohnung|whg|stiege|appartement|appt|b\u00e2t|\u00e9tage|m"
    r"|lok|кв|корп|стр|оф|д|к|daire|kat|no|h\.? ?no"
    r"|(?:flat|house|plot|shop) no|plot|sector|shop|p\.? ?no|door no|rt|rw|lt"
    r"|n[\u00ba\u00b0])\b\.?:? ?#?(?=[\w-]{0,4}\d)[\w/-]{1,8}|#\w{1,8}"
    r"|\d{1,2} ?[\u00ba\u00aa\u00b0](?: ?[A-Za-z])?(?!\w))"
)
POST_BOX = (
    r"(?i:(?<!\w)(?:p\.? ?o\.? ?box|postfach|apartado(?: de correos| postal)?|bo\u00eete postale"
    r"|casella postale|caixa postal|postbus|skrytka pocztowa"
    r"|а/я|posta kutusu|abonentn\w+|私書箱|사서함) ?(?:no\.? |nr\.? "
    r"|n[\u00ba\u00b0] ?)?\d[\d ]{0,7}\d?)|(?<!\w)BP \d{2,6}"
)
#: Japanese, Chinese and Korean: no spaces, the number last.
UNSPACED = (
    (
        "[\u3041-\u30ff\u4e00-\u9fff\u3005\u30f6]{0,6}?(?<=[^都道府県市区町村])[\u3041-\u30ff\u4e00-\u9fff\u3005\u30f6]{1,6}(?:[\\d０-９]{1,4}|[一二三四五六七八九十]{1,3})丁目"
        "(?:[\\d０-９]{1,4}(?:番地?|号|[-\u2212\u30fc]|の)?){0,3}"
    ),
    (
        "[\u4e00-\u9fff\u3005\u30f6]{1,8}[\\d０-９]{1,4}(?:番地?[\\d０-９]{0,4}(?:号"
        "|-[\\d０-９]{1,4})?)"
    ),
    (
        "(?:(?<=[省市区县區縣])|(?<![\u4e00-\u9fff])"
        "|(?<=[在到是址]))(?:[\u4e00-\u9fff]{1,8})(?:路|街"
        "|大道|道|巷|弄|胡同)[\\d０-９]{1,5}(?:弄\\d{1,4})?[号號]?"
        "(?:[\\dA-Za-z]{1,4}(?:栋|座|幢|楼|室|单元|層|层|号楼|號樓)){0,4}"
    ),
    (
        "[\uac00-\ud7af]{1,8}[시구군동읍면] [\uac00-\ud7af\\d]{1,10}(?:로|길|거리|가)"
        "(?: ?\\d{1,4}번길)? ?(?:지하)?\\d{1,4}(?:-\\d{1,4})?(?:번지)?"
        "(?: \\d{1,4}동)?(?: \\d{1,4}호)?"
    ),
    # Without a city: before a particle of place.
    (
        "[\uac00-\ud7af]{2,8}(?:로|길) ?\\d{1,4}(?:-\\d{1,4})?(?=(?:로|에|으로)(?:서)? |예요|이에요"
        "|입니다)"
    ),
)
#: Postal codes that precede a city.
POSTAL = r"(?:[A-Z]{1,2}-)?\d{4,6}|\d{2}-\d{3}|\d{4} ?[A-Z]{2}|\d{3} \d{2}|\d{5}-\d{3}"
