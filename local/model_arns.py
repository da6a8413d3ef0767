"""ARNs of the Bedrock models and of the secrets that the parameters of a stack name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from local.console import Failure
from shared.llm.registry import BEDROCK, Model, ModelRegistry

_MODELS = "Models"
#: Id of a cross-region inference profile: a geography, then the id of its model.
_PROFILE = re.compile(r"(?:apac|au|ca|eu|global|jp|us|us-gov)\.(?P<model>.+)")


@dataclass(frozen=True, slots=True)
class Account:
    """An account in one region; ``partition`` is ``aws`` except in China and GovCloud."""

    id: str
    region: str
    partition: str = "aws"


def add_model_arns(
    chosen: dict[str, str], deployed: Mapping[str, str], account: Account
) -> dict[str, str]:
    """Return the chosen parameters with ``ModelArns`` and ``SecretArns`` where these change.

    A value chosen by the user has priority, and stays until the models change. ``deployed``
    are the parameters of the stack as it is, empty for a new one. Raises ``Failure`` for
    models that cannot be read or that do not tell their ARNs.
    """
    added = dict(chosen)
    for parameter, derive in (("ModelArns", model_arns), ("SecretArns", secret_arns)):
        if parameter in chosen or (parameter in deployed and _MODELS not in chosen):
            continue
        arns = ",".join(derive({**deployed, **chosen}, account))
        if arns != deployed.get(parameter, ""):
            added[parameter] = arns
    return added


def model_arns(parameters: Mapping[str, str], account: Account) -> list[str]:
    """Return the ARNs that ``Models`` asks for, each once."""
    names = [model.name for model in _models(parameters) if model.provider == BEDROCK]
    return list(dict.fromkeys(arn for name in names for arn in _arns(name, account)))


def secret_arns(parameters: Mapping[str, str], account: Account) -> list[str]:
    """Return the ARNs of the secrets that ``Models`` names, each once."""
    names = [model.secret for model in _models(parameters) if model.secret]
    return list(dict.fromkeys(_secret_arn(name, account) for name in names))


def _models(parameters: Mapping[str, str]) -> list[Model]:
    try:
        return ModelRegistry.parse(parameters.get(_MODELS, "{}")).all()
    except ValueError as error:
        raise Failure(f"PARAMETERS: {error}") from error


def _secret_arn(name: str, account: Account) -> str:
    if name.startswith("arn:"):
        return name
    place = f"{account.region}:{account.id}"
    return f"arn:{account.partition}:ssm:{place}:parameter/{name.removeprefix('/')}"


def _arns(name: str, account: Account) -> Iterator[str]:
    """Yield what a call of one model needs: a profile is authorized together with its model."""
    if "application-inference-profile/" in name:
        raise Failure(f"PARAMETERS: add ModelArns={name},… with the ARNs of the profile's models")
    profile = _PROFILE.fullmatch(name.rpartition("/")[2])
    if name.startswith("arn:"):
        yield name
    elif profile:
        yield (
            f"arn:{account.partition}:bedrock:{account.region}:{account.id}"
            f":inference-profile/{name}"
        )
    if profile or not name.startswith("arn:"):
        model = profile["model"] if profile else name
        yield f"arn:{account.partition}:bedrock:*::foundation-model/{model}"
