"""`make demo`: load the console's sample data into the local stack, once.

    python -m local.demo [--port PORT] [--home HOME]

A repetition creates nothing twice, and continues a load that was cut off.
"""

from cli.agent_sessions_cli.client import Api
from cli.agent_sessions_cli.config import Login
from cli.agent_sessions_cli.errors import Failure as RequestFailed
from local.console import Failure, Parser, run_task, step
from local.endpoint import Endpoint
from local.ownership import running_stack
from local.samples import Samples, read_samples
from local.settings import add_stack_options


def load(api: Api) -> dict[str, list[str]]:
    """Load the sample data, with progress; return the results of the requests by title."""
    document = read_samples()
    samples = Samples(document["name"], api)
    results: dict[str, list[str]] = {}
    with step("Sample data") as task:
        for one in document["steps"]:
            task.detail = one["title"]
            results.setdefault(one["title"], []).append(samples.send(one))
        task.detail = f"{len(results)} entries"
    return results


def _main() -> None:
    parser = Parser(description=__doc__)
    add_stack_options(parser)
    endpoint = Endpoint.read(running_stack(parser.parse_args()).endpoint_file)
    if endpoint is None:
        raise Failure("the local stack does not run; start it: make run DETACH=1")
    try:
        results = load(Api(Login(endpoint.api_url, endpoint.api_key)))
    except RequestFailed as failure:
        raise Failure(f"{failure.message}; make demo continues there") from failure
    for title, of_title in results.items():
        if "skipped" in of_title:
            print(f"{title}: deleted or changed since, left as it is")
        elif "created" in of_title:
            print(f"{title}: created")
    print(f"Console: {endpoint.api_url}/console/ (make env prints the key)")


if __name__ == "__main__":
    run_task(_main)
