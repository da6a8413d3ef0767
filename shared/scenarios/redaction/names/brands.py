"""Brands and works that are a person's full name, or a given name.

Where they stand tells most others from people, see ``positions.py``; for these it does not suffice.
"""

from shared.scenarios.text import word_set

#: One word; it is a name only after a greeting, a title or the like.
BRANDS = word_set(
    """
    delta chase ford hilton lincoln mercedes claude alexa siri jordan wilson cooper victoria mario
    barbie hermes amex
    """
)
#: Several words.
NAMED_BRANDS = tuple(
    phrase.strip()
    for phrase in """
    jack daniel's/jack daniels/johnnie walker/jim beam/dom perignon/jack wolfskin/hugo boss/
    ted baker/louis vuitton/carolina herrera/salvatore ferragamo/paco rabanne/karl lagerfeld/
    calvin klein/ralph lauren/tommy hilfiger/michael kors/marc jacobs/tory burch/jimmy choo/
    paul smith/vivienne westwood/yves saint laurent/jean paul gaultier/giorgio armani/
    emporio armani/roberto cavalli/guy laroche/max mara/massimo dutti/estée lauder/estee lauder/
    elizabeth arden/charlotte tilbury/bobbi brown/helena rubinstein/mary kay/laura ashley/
    laura mercier/jo malone/donna karan/oscar de la renta/alexander mcqueen/alexander wang/
    stella mccartney/victoria's secret/victoria beckham/tom ford/tom tailor/jack jones/
    jean louis david/fred perry/lee cooper/doc martens/dr. martens/dr martens/
    wells fargo/clarks originals/sergio tacchini/
    bruno banani/betty barclay/gerry weber/marc o'polo/peter hahn/robert bosch/fisher price/
    melissa & doug/hunter douglas/ethan allen/john lewis/john deere/trader joe's/
    long john silver's/jimmy john's/carl's jr/uncle ben's/sara lee/betty crocker/earl grey/
    rose gold/bloody mary/shirley temple/arnold palmer/tom collins/caesar salad/morgan stanley/
    merrill lynch/charles schwab/edward jones/ernst young/harley davidson/aston martin/
    mercedes benz/mini cooper/tom tom/claude sonnet/claude haiku/claude code/harry potter/
    sherlock holmes/james bond/mario kart/luigi's mansion/hello kitty/mickey mouse/donald duck/
    winnie the pooh/peter pan/dom casmurro/anna karenina/lara croft/saint patrick's/
    abraham lincoln/frank lloyd wright/john hancock/carnegie hall/nina ricci/thierry mugler/
    kenzo takada/louis philippe/adolfo dominguez/pedro del hierro/agatha ruiz de la prada/
    luis trenker/jil sander/wolfgang joop/philipp plein/etienne aigner/brunello cucinelli/
    ermenegildo zegna/bottega veneta/fiorella rubino/elena mirò/luisa spagnoli/osklen rio/
    arno rio/ricardo eletro/douwe egberts/albert heijn/marlies dekkers/anna field/marc cain/
    rené lezard/ives rocher/yves rocher/roger gallet/roger & gallet/agnès b/sonia rykiel/
    ted lapidus/jean patou
    """.replace("\n", " ").split("/")
)
