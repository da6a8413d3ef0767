"""`make stop`: stop the local stack; its data stays for the next run.

Succeeds also if nothing runs on the port. Fails, and stops nothing, if the stack runs on another
port or the port belongs to another stack or program. Uses the standard library only.
"""

from local import processes
from local.console import Parser, run_task
from local.ownership import is_running
from local.settings import add_stack_options, chosen_stack


def _main() -> None:
    parser = Parser(description=__doc__)
    add_stack_options(parser)
    stack = chosen_stack(parser.parse_args())
    if is_running(stack):
        processes.stop(stack)
        print("Stopped.")
    else:
        print(f"Nothing runs on {stack.port}.")


if __name__ == "__main__":
    run_task(_main)
