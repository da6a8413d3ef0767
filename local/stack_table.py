"""Table of a deployed stack, for the commands that read or write it directly."""

from local.aws import Target, client
from local.outputs import Deployed
from shared.storage.table import Table


def stack_table(target: Target, deployed: Deployed) -> Table:
    """Return the table of a stack."""
    return Table(client(target, "dynamodb"), deployed.table_name, shards=deployed.list_shards)
