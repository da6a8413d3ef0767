"""`make stop`: stop the local stack; its data stays for the next run."""

import argparse

from local import processes
from local.console import run_task
from local.settings import add_stack_options, chosen_stack


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_stack_options(parser)
    was_running = processes.stop(chosen_stack(parser.parse_args()))
    print("Stopped." if was_running else "The stack is not running.")


if __name__ == "__main__":
    run_task(_main)
