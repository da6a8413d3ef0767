"""ARNs that `make deploy` derives from the models it is given."""

import pytest

from local.console import Failure
from local.model_arns import Account, add_model_arns, model_arns, secret_arns

ACCOUNT = Account("123456789012", "eu-west-1")
MODEL = "model_c1a0de00000000000000000000000000"
X = f"{MODEL}=bedrock/x"
PROFILE = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0"
NOVA = "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0"


@pytest.mark.parametrize(
    ("parameters", "arns"),
    [
        ({}, []),
        ({"Models": "{}", "DrafterModel": MODEL}, []),
        ({"Models": f"{MODEL}=scripted/other"}, []),
        ({"Models": f"{MODEL}=bedrock/amazon.nova-lite-v1:0"}, [NOVA]),
        ({"Models": f"{MODEL}=bedrock/eu.amazon.nova-lite-v1:0"}, [PROFILE, NOVA]),
        ({"Models": f"{MODEL}=bedrock/{PROFILE}"}, [PROFILE, NOVA]),
        (
            {"Models": f"{MODEL}=bedrock/eu.amazon.nova-lite-v1:0,{MODEL[:-1]}1=bedrock/{PROFILE}"},
            [PROFILE, NOVA],
        ),
    ],
    ids=["none", "empty", "scripted", "model", "profile", "profile ARN", "both"],
)
def test_arns_of_models_and_of_the_models_behind_profiles(
    parameters: dict[str, str], arns: list[str]
) -> None:
    assert model_arns(parameters, ACCOUNT) == arns


def test_arn_of_another_kind_is_allowed_as_it_is() -> None:
    arn = "arn:aws:bedrock:eu-west-1:123456789012:provisioned-model/abc"
    assert model_arns({"Models": f"{MODEL}=bedrock/{arn}"}, ACCOUNT) == [arn]


def test_arns_of_secrets_are_derived_once() -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-a1b2c3"
    names = ("/stack/key", "key", "/stack/key", arn)
    models = ",".join(
        f"model_{number:032x}=openai/x@https://host/v1#{name}"
        for number, name in enumerate(names, 2)
    )
    found = secret_arns({"Models": f"{models},{X}"}, ACCOUNT)
    assert found == [
        "arn:aws:ssm:eu-west-1:123456789012:parameter/stack/key",
        "arn:aws:ssm:eu-west-1:123456789012:parameter/key",
        arn,
    ]
    chosen = {"Models": models}
    assert add_model_arns(chosen, {}, ACCOUNT) == chosen | {"SecretArns": ",".join(found)}
    removed = add_model_arns({"Models": X, "ModelArns": "a"}, {"SecretArns": "b"}, ACCOUNT)
    assert removed["SecretArns"] == ""


def test_partition_of_the_account_is_used() -> None:
    account = Account("123456789012", "us-gov-west-1", "aws-us-gov")
    assert model_arns({"Models": f"{MODEL}=bedrock/us-gov.anthropic.claude-v1:0"}, account) == [
        "arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.anthropic.claude-v1:0",
        "arn:aws-us-gov:bedrock:*::foundation-model/anthropic.claude-v1:0",
    ]


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"Models": f"{MODEL}=bedrock"}, "PARAMETERS: MODELS"),
        (
            {
                "Models": f"{MODEL}=bedrock/"
                + PROFILE.replace("inference-", "application-inference-")
            },
            "PARAMETERS: add ModelArns=arn:aws:bedrock:",
        ),
    ],
)  # fmt: skip
def test_models_without_known_arns_are_rejected(parameters: dict[str, str], error: str) -> None:
    with pytest.raises(Failure) as failure:
        model_arns(parameters, ACCOUNT)
    assert str(failure.value).startswith(error)


@pytest.mark.parametrize(
    ("chosen", "deployed", "added"),
    [
        ({}, {}, None),
        ({"RateLimit": "50"}, {"ModelArns": "a"}, None),
        ({"Models": X}, {}, "arn:aws:bedrock:*::foundation-model/x"),
        ({"Models": X, "ModelArns": "a"}, {}, "a"),
        ({"Models": ""}, {"Models": X, "ModelArns": "a"}, ""),
        ({"DrafterModel": MODEL}, {"Models": X, "ModelArns": "a"}, None),
        ({}, {"Models": X}, "arn:aws:bedrock:*::foundation-model/x"),
    ],
    ids=["none", "unchanged", "new", "chosen", "removed", "use", "stack without ModelArns"],
)
def test_deployment_adds_model_arns_when_models_change(
    chosen: dict[str, str], deployed: dict[str, str], added: str | None
) -> None:
    expected = chosen if added is None else chosen | {"ModelArns": added}
    assert add_model_arns(chosen, deployed, ACCOUNT) == expected
