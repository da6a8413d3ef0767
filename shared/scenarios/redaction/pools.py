"""Pools of pseudonyms: names of many cultures, none of a particular person."""

from shared.scenarios.text import word_set


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN_NAMES = _split(
    """
    Adela Agnes Alba Alina Alma Anika Anton Arlo Astrid August Aurora Bastian Beatrix Benno Bianca
    Bruno Camila Carmen Cecilia Celine Clara Conrad Cosmo Dalia Damian Daria Delia Dora Edda Edgar
    Elias Elin Elma Emil Enzo Erik Esther Fabian Felix Fiona Flora Frida Gemma Gideon Greta Gustav
    Hanna Hector Helena Hugo Ilse Imani Ines Ingrid Irma Isolde Jana Jasper Jonas Joris Judith Kaia
    Karim Kasper Klara Lars Leona Linus Lorena Ludwig Luisa Magnus Malik Mara Marcel Marta Matilda
    Milo Mina Mira Nadia Nils Nora Odette Oskar Otto Paula Pavel Petra Philippa Quentin Rafael Ramon
    Renata Roman Rosalie Rufus Sabine Salma Samira Selma Silas Sigrid Stella Sven Tamara Tessa Theo
    Tilda Tobias Ulrik Ursula Valentin Vera Viktor Wanda Xenia Yannick Yvonne Zelda Zora
    """
)
FAMILY_NAMES = _split(
    """
    Abelard Aldana Almeida Amundsen Arden Aston Bachmann Barlow Beaumont Bellamy Bergman Blixen
    Bondar Brandt Calloway Castellan Colbert Crane Dalgaard Danvers Delacroix Denholm Dorsey Eckhart
    Ellery Engel Falk Farrow Fenwick Ferrand Fontaine Forsberg Gallo Garland Gerhardt Gilmore
    Goddard Hagen Halloran Hartwell Haugen Hawthorne Holloway Holm Ibarra Ivarsson Jansen Jarvis
    Kaplan Keller Kendrick Kestrel Kimball Korhonen Lambert Langley Larkin Laurent Lindgren Lockhart
    Lombardi Lund Madsen Marchetti Marlowe Mercer Merrick Monroe Montague Mortensen Nash Nilsen
    Novak Oakley Okafor Olsen Orsini Osborne Paget Palmer Penrose Petrov Pryce Quade Quincy Radcliff
    Ramsey Redmond Renard Ridley Rivera Rosales Rourke Salander Sandoval Sawicki Sinclair Soriano
    Sterling Strand Sutherland Talbot Thorne Tolliver Ulrich Vance Varga Vaughn Villar Wakefield
    Wexler Whitlock Winslow Yardley Zeller Ziegler
    """
)
STREET_NAMES = _split(
    """
    Alder Aspen Birchwood Bluebell Bramble Briar Brook Chestnut Clover Coral Cypress Dogwood Elder
    Fern Foxglove Garnet Hawthorn Hazel Heather Hickory Holly Ivywood Jasmine Juniper Larch Laurel
    Lilac Linden Magnolia Meadow Mulberry Myrtle Oakdale Orchard Osprey Poplar Primrose Quarry
    Redwood Rosemary Rowan Saffron Sorrel Spruce Sycamore Tamarack Thistle Thornbury Tulip Walnut
    Willow Wisteria Yarrow
    """
)
#: Words of an address that are not redacted: they identify nobody.
STREET_WORDS = word_set(
    """
    street st avenue ave av road rd boulevard blvd lane ln drive dr way court ct place pl plaza
    square sq terrace ter trail trl highway hwy parkway pkwy circle cir alley crescent close row
    walk expressway freeway center ctr mall loop path pike grove gardens mews quay wharf suite ste
    apt apartment unit flat floor room bldg building box po north south east west ne nw se sw rue
    via viale piazza corso calle avenida paseo rua ulica ul chemin impasse platz weg allee gasse
    straat laan de la las los del of the von van da do di das dos du des alameda travessa estrada
    largo strada borgo contrada vicolo carretera camino ronda pasaje no nr nº sk sokak sokağı cad
    cadde caddesi mah blv jl jalan gg blok al os pl plac aleja aleje m marg nagar colony studio piso
    бул бульвар ул улица пр проспект пер переулок наб набережная ш шоссе пл площадь алл д дом к корп
    стр кв оф
    """
)
