"""Products, versions, tests and test cases in the API. Names are the Galtea API's.

Of each there are three bodies: to create it, to change it, and as it is answered. What a
client may set is said once, in the ``…Fields`` of each; the three add what differs between
them. The official SDK sends every field it knows, most of them null: all but the names of
things and of their parents may be.

In a change, a field left out stays and null clears it. What cannot change may be sent as
it is, so that a client can send back what it was answered.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from shared.evaluations.api import (
    STAYS,
    ApiModel,
    Id,
    NotNull,
    NullableContext,
    NullableInput,
    Request,
    Resource,
    Update,
)

Name = Annotated[str, Field(min_length=1)]
#: A new name; left out, the old one stays.
NewName = Annotated[
    str | None, NotNull, Field(min_length=1), WithJsonSchema({"type": "string", "minLength": 1})
]
#: A count that any client can hold: 32 bits, far beyond what a test has.
Positive = Annotated[int, Field(ge=1, le=2**31 - 1)]


def _null_as(*, value: Any) -> BeforeValidator:
    """Return a validator that puts a value in the place of null."""
    return BeforeValidator(lambda given: value if given is None else given)


class ProductInput(Request):
    """A product to evaluate."""

    name: Name
    description: str = ""


class ProductUpdate(Update):
    """What to change of a product."""

    organization_id: str | None = Field(default=None, description=STAYS)
    name: NewName = None
    description: Annotated[str | None, NotNull, WithJsonSchema({"type": "string"})] = None


class Product(Resource):
    """A product under evaluation."""

    organization_id: Id
    name: str
    description: str


class VersionFields(ApiModel):
    """What a client may set of a version."""

    description: str | None = None
    system_prompt: str | None = None
    model_id: str | None = None
    dataset_description: str | None = None
    dataset_uri: str | None = None
    guardrails: str | None = None


class VersionInput(VersionFields, Request):
    """A version of a product; without a name it gets the next number, as in `v3`."""

    product_id: str
    name: str | None = None


class VersionUpdate(VersionFields, Update):
    """What to change of a version."""

    product_id: str | None = Field(default=None, description=STAYS)
    name: NewName = None


class Version(VersionFields, Resource):
    """A version of a product."""

    product_id: Id
    name: str


class TestFields(ApiModel):
    """What a client may set of a test."""

    type: str | None = None
    language_code: str | None = None
    ground_truth_uri: str | None = None
    few_shot: str | None = None
    custom_user_persona: str | None = None
    variants: list[str] | None = None
    strategies: list[str] | None = None
    custom_variant_description: str | None = None
    max_test_cases: Positive | None = None
    max_iterations: Positive | None = None
    uri: str | None = None
    status: str | None = None
    metadata: Any = None


class TestInput(TestFields, Request):
    """A test of a product: a set of test cases."""

    product_id: str
    name: Name


class TestUpdate(TestFields, Update):
    """What to change of a test."""

    product_id: str | None = Field(default=None, description=STAYS)
    name: NewName = None


class Test(TestFields, Resource):
    """A test of a product."""

    product_id: Id
    name: str


class TestCaseFields(ApiModel):
    """What a client may set of a test case."""

    input: NullableInput = Field(
        default=None, description="What the user says; a string is kept as `{user_message: …}`."
    )
    context: NullableContext = Field(
        default=None, description="What it is about; a string is kept as `{value: …}`."
    )
    expected_output: str | None = None
    expected_tools: list[str] | None = None
    user_persona: str | None = None
    scenario: str | None = None
    goal: str | None = None
    stopping_criterias: list[str] | None = None
    max_iterations: Positive | None = None
    variant: str | None = None
    strategy: str | None = None
    language_code: str | None = None
    source: str | None = None
    source_file: str | None = None
    source_test_case_id: str | None = None
    confidence: float | None = None
    confidence_reason: str | None = None
    reviewed_by_id: str | None = None
    user_score: int | None = None
    user_score_reason: str | None = None


class TestCaseInput(TestCaseFields, Request):
    """A case of a test: what the user says or wants, and what is expected."""

    test_id: str
    is_augmented: Annotated[bool, _null_as(value=False)] = False


class TestCaseUpdate(TestCaseFields, Update):
    """What to change of a test case; sessions that run it keep the context they began with."""

    test_id: str | None = Field(default=None, description=STAYS)
    is_augmented: Annotated[bool | None, NotNull, WithJsonSchema({"type": "boolean"})] = None


class TestCase(TestCaseFields, Resource):
    """A case of a test."""

    test_id: Id
    input: Annotated[dict[str, Any], _null_as(value={})]
    context: Annotated[dict[str, Any], _null_as(value={})]
    expected_tools: Annotated[list[str], _null_as(value=[])]
    stopping_criterias: Annotated[list[str], _null_as(value=[])]
    is_augmented: bool
    credits_used: int | None
