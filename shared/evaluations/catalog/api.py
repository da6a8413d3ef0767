"""API models of products, versions, tests and test cases; names are the Galtea API's.

Each has an ``…Input``, an ``…Update`` and a response model; ``…Fields`` are the fields that a
client sets, common to the three. All but names and parent ids are nullable, because the
official SDK sends every field it knows, mostly null.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from shared.evaluations.api import (
    READ_ONLY,
    Fields,
    Id,
    NotNull,
    NullableContext,
    NullableInput,
    Request,
    Resource,
    Update,
)

Name = Annotated[str, Field(min_length=1)]
#: New name, of an update.
NewName = Annotated[
    str | None, NotNull, Field(min_length=1), WithJsonSchema({"type": "string", "minLength": 1})
]
#: Count of at most 31 bits, so that every client can store it.
Positive = Annotated[int, Field(ge=1, le=2**31 - 1)]


def _null_as(*, value: Any) -> BeforeValidator:
    """Return a validator that replaces null by a value."""
    return BeforeValidator(lambda sent: value if sent is None else sent)


class ProductInput(Request):
    """Product to create."""

    name: Name
    description: str = ""


class ProductUpdate(Update):
    """Fields of a product to change."""

    organization_id: str | None = Field(default=None, description=READ_ONLY)
    name: NewName = None
    description: Annotated[str | None, NotNull, WithJsonSchema({"type": "string"})] = None


class Product(Resource):
    """Product under evaluation."""

    organization_id: Id
    name: str
    description: str


class VersionFields(Fields):
    """Version fields that a client sets."""

    description: str | None = None
    system_prompt: str | None = None
    model_id: str | None = None
    dataset_description: str | None = None
    dataset_uri: str | None = None
    guardrails: str | None = None


class VersionInput(VersionFields, Request):
    """Version to create; without a name it is numbered, as in `v3`."""

    product_id: str
    name: str | None = None


class VersionUpdate(VersionFields, Update):
    """Fields of a version to change."""

    product_id: str | None = Field(default=None, description=READ_ONLY)
    name: NewName = None


class Version(VersionFields, Resource):
    """Version of a product."""

    product_id: Id
    name: str


class TestFields(Fields):
    """Test fields that a client sets."""

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
    """Test to create: a set of test cases."""

    product_id: str
    name: Name


class TestUpdate(TestFields, Update):
    """Fields of a test to change."""

    product_id: str | None = Field(default=None, description=READ_ONLY)
    name: NewName = None


class Test(TestFields, Resource):
    """Test of a product."""

    product_id: Id
    name: str


class TestCaseFields(Fields):
    """Test case fields that a client sets."""

    input: NullableInput = Field(
        default=None, description="Input of the user; a string is stored as `{user_message: …}`."
    )
    context: NullableContext = Field(
        default=None, description="Context of the conversation; a string is stored as `{value: …}`."
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
    """Test case to create."""

    test_id: str
    is_augmented: Annotated[bool, _null_as(value=False)] = False


class TestCaseUpdate(TestCaseFields, Update):
    """Fields of a test case to change; existing sessions keep their context."""

    test_id: str | None = Field(default=None, description=READ_ONLY)
    is_augmented: Annotated[bool | None, NotNull, WithJsonSchema({"type": "boolean"})] = None


class TestCase(TestCaseFields, Resource):
    """Test case of a test."""

    test_id: Id
    input: Annotated[dict[str, Any], _null_as(value={})]
    context: Annotated[dict[str, Any], _null_as(value={})]
    expected_tools: Annotated[list[str], _null_as(value=[])]
    stopping_criterias: Annotated[list[str], _null_as(value=[])]
    is_augmented: bool
    credits_used: int | None
