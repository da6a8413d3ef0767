"""From AWS error codes to errors of the domain, in one place."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from shared.core.errors import DomainError, Throttled, TooLarge, Unavailable

THROTTLED = "The service is receiving too many requests; try again shortly."
STORAGE_SILENT = "The storage does not answer; try again shortly."
BUSY = "It is being changed right now; try again."
TOO_LARGE = "What would be stored is larger than the 400 KB an entry may have."

_THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "Throttling",
        "RequestLimitExceeded",
        "LimitExceededException",
    }
)
_UNAVAILABLE = frozenset(
    {
        "InternalServerError",
        "InternalFailure",
        "ServiceUnavailable",
        "TransactionInProgressException",
    }
)


def domain_error(error: ClientError) -> DomainError | None:
    """Return what an AWS error means to a client, or None for a defect of ours."""
    code = error.response["Error"]["Code"]
    if code in _THROTTLED:
        return Throttled(THROTTLED)
    if code in _UNAVAILABLE or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
        return Unavailable(STORAGE_SILENT)
    # DynamoDB has no code of its own for either: "Item size has exceeded the maximum allowed
    # size", and more than 4 MB in a transaction.
    message = error.response["Error"].get("Message", "")
    if code == "ValidationException" and ("size" in message or "4 MB" in message):
        return TooLarge(TOO_LARGE)
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Let only errors of the domain, conditional failures and defects pass."""
    try:
        yield
    except ClientError as error:
        meaning = domain_error(error)
        if meaning is None:
            raise
        raise meaning from error
    except (BotoConnectionError, HTTPClientError) as error:
        raise Unavailable(STORAGE_SILENT) from error
