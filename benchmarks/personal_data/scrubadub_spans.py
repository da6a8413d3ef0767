"""Spans of personal data by scrubadub: a program of its own, in the environment "scrubadub".

Texts as JSON on standard input, the spans of each as JSON on standard output. Its detector of
names needs a corpus that is no package; all other detectors run.
"""

import json
import sys

import scrubadub


def _main() -> None:
    scrubber = scrubadub.Scrubber()
    found = [
        [(filth.beg, filth.end) for filth in scrubber.iter_filth(text)]
        for text in json.load(sys.stdin)
    ]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    _main()
