"""Start of the emulator: ``python -m local.emulator HOME`` (``--check`` only closes the gaps)."""

import sys
from importlib.metadata import version

from ministack.app import main

from local.emulator import (
    any_methods,
    binary_bodies,
    gateway_responses,
    identity,
    parameters,
    queues,
    streams,
    transactions,
    usage_keys,
    workers,
)
from local.emulator.patching import Moved

WRITTEN_FOR = "1.5.33"


def apply_all(home: str) -> None:
    """Close all gaps; raise ``Moved`` for an emulator of another version."""
    if version("ministack") != WRITTEN_FOR:
        raise Moved(
            f"ministack is {version('ministack')}, local/emulator was written for {WRITTEN_FOR}"
        )
    for gap in (
        any_methods, binary_bodies, usage_keys, gateway_responses, parameters, workers, streams,
        queues, transactions,
    ):  # fmt: skip
        gap.apply()
    identity.apply(home)


if __name__ == "__main__":
    [argument] = sys.argv[1:]
    apply_all(argument)
    if argument != "--check":
        # The folder also names this process in the process list (see local/processes.py).
        del sys.argv[1:]
        main()
