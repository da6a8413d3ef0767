"""From AWS error codes to errors of the domain, in one place."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    ClientError,
    ConnectionError as BotoConnectionError,
    HTTPClientError,
)

from shared.core.errors import DomainError, Throttled, TooLarge, Unavailable

_THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "LimitExceededException",
    }
)
_UNAVAILABLE = frozenset(
    {"InternalServerError", "InternalFailure", "ServiceUnavailable", "TransactionInProgressException"}
)


def domain_error(error: ClientError) -> DomainError | None:
    """Return what an AWS error means to a client, or None for a defect of ours."""
    code = error.response["Error"]["Code"]
    if code in _THROTTLED:
        return Throttled("The service is receiving too many requests; try again shortly.")
    if code in _UNAVAILABLE:
        return Unavailable("The storage does not answer; try again shortly.")
    if code == "ValidationException" and "size" in error.response["Error"].get("Message", ""):
        return TooLarge("What would be stored is larger than the 400 KB an entry may have.")
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
        raise Unavailable("The storage does not answer; try again shortly.") from error
