"""`make eval`: ``agent-sessions run`` with the URL and key of the local stack.

    python -m local.eval [--port PORT] [--home HOME] -- OPTION…

Options and exit status are those of ``agent-sessions run`` (docs/testing-agents.md).
"""

import os

from cli.agent_sessions_cli import config
from cli.agent_sessions_cli.__main__ import run
from local.console import Failure, Parser, run_task
from local.endpoint import Endpoint
from local.ownership import running_stack
from local.settings import add_stack_options


def _main() -> int:
    parser = Parser(description=__doc__)
    add_stack_options(parser)
    parser.add_argument("options", nargs="*", metavar="OPTION", help="of agent-sessions run")
    arguments = parser.parse_args()
    endpoint = Endpoint.read(running_stack(arguments).endpoint_file)
    if endpoint is None:
        raise Failure("the local stack does not run; start it: make run DETACH=1")
    os.environ[config.URL], os.environ[config.KEY] = endpoint.api_url, endpoint.api_key
    return run(["run", *arguments.options])


if __name__ == "__main__":
    run_task(_main)
