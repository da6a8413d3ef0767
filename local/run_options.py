"""Options of `make run`."""

import argparse
import os
from dataclasses import dataclass, field

from local import template_parameters
from local.console import BadValue, Parser
from local.models import add_models, read_key
from local.settings import LocalStack, add_stack_options

_DETACH = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Stack to start, with values of the template's parameters.

    ``key`` is that of the models' servers, empty without one.
    ``lock`` is the descriptor of a lock that the starting process holds already.
    """

    stack: LocalStack
    detach: bool
    parameters: dict[str, str]
    lock: int | None
    key: str = field(default="", repr=False)


def read_options() -> RunOptions:
    """Return the options of the command line. Exits or raises ``BadValue`` for invalid ones."""
    parser = Parser(description="Start the whole stack on this machine.")
    parser.add_argument("--detach", nargs="?", const="1", default="", help="return when ready")
    parser.add_argument("--parameters", nargs="*", default=[], metavar="NAME=VALUE")
    parser.add_argument("--models", default="", metavar="ID=PROVIDER/NAME,…")
    parser.add_argument("--model", default="", metavar="openai/NAME@URL")
    parser.add_argument("--lock", type=int, help=argparse.SUPPRESS)
    add_stack_options(parser)
    arguments = parser.parse_args()
    if arguments.detach.lower() not in _DETACH:
        raise BadValue(f"DETACH: must be 1 or 0, not {arguments.detach}")
    parameters = template_parameters.parse(arguments.parameters)
    key = read_key(os.environ)
    return RunOptions(
        # A stopped stack does not keep its port: the documented one is the default.
        LocalStack(port=arguments.port or LocalStack().port, home=arguments.home),
        _DETACH[arguments.detach.lower()],
        add_models(parameters, model=arguments.model, models=arguments.models, has_key=bool(key)),
        arguments.lock,
        key,
    )
