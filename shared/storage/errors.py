"""AWS error codes as errors of the domain."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from shared.core.errors import DomainError, Throttled, TooLarge, Unavailable

THROTTLED = "The service is receiving too many requests; retry shortly."
STORAGE_SILENT = "The database does not respond; retry shortly."
TOO_LARGE = "The item would exceed 400 KB, the limit of one stored item."

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
    """Return the domain error of an AWS error, or None if it is a defect of this project."""
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
    """Translate AWS errors; conditional failures and defects pass unchanged."""
    try:
        yield
    except ClientError as error:
        known = domain_error(error)
        if known is None:
            raise
        raise known from error
    except (BotoConnectionError, HTTPClientError) as error:
        raise Unavailable(STORAGE_SILENT) from error
