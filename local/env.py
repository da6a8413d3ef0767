"""`make env`: URL and key of the running stack for a shell: ``export API_URL=… API_KEY=…``.

Uses the standard library only, so that nothing must be installed.
"""

from local.console import Failure, Parser, run_task
from local.endpoint import Endpoint
from local.ownership import running_stack
from local.settings import add_stack_options


def _main() -> None:
    parser = Parser(description=__doc__)
    add_stack_options(parser)
    file = running_stack(parser.parse_args()).endpoint_file
    endpoint = Endpoint.read(file)
    if endpoint is None:
        raise Failure(f"{file} does not exist; start the stack: make run DETACH=1")
    print(f"export API_URL={endpoint.api_url} API_KEY={endpoint.api_key}")


if __name__ == "__main__":
    run_task(_main)
