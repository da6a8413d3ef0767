"""API models of products, versions, tests and test cases; names are the Galtea API's.

Each has an ``…Input``, an ``…Update`` and a response model; ``…Fields`` are the fields that a
client sets, common to the three. All but names and parent ids are nullable, because the
official SDK sends every field it knows, mostly null.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.core.api_types import WHOLE, Line, LongText, Paragraph, is_none
from shared.evaluations.api import (
    MAX_LINE,
    MAX_MEMBERS,
    READ_ONLY,
    Fields,
    Id,
    NotNull,
    NullableContext,
    NullableInput,
    Request,
    Resource,
    Text,
    Update,
    Uri,
    limit_of,
)

Name = Annotated[Line, Field(min_length=1)]
#: New name, of an update.
NewName = Annotated[
    Line | None,
    NotNull,
    Field(min_length=1),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_LINE}),
]
#: Count of at most 31 bits, so that every client can store it.
Positive = Annotated[int, Field(ge=1, le=2**31 - 1), WHOLE]
Lines = Annotated[list[Line], Field(max_length=MAX_MEMBERS)]
Paragraphs = Annotated[list[Paragraph], Field(max_length=MAX_MEMBERS)]
#: Facts of a version, at most.
MAX_FACTS = 100
#: Vote of a user; clients send -1, 0 and 1.
Score = Annotated[int, Field(ge=-1_000_000, le=1_000_000), WHOLE]


def _null_as(*, value: Any) -> BeforeValidator:
    """Return a validator that replaces null by a value."""
    return BeforeValidator(lambda sent: value if sent is None else sent)


class ProductInput(Request):
    """Product to create."""

    name: Name
    """Name of the product; several products may share it."""
    description: Paragraph = ""
    """Purpose of the product."""


class ProductUpdate(Update):
    """Fields of a product to change."""

    organization_id: Line | None = Field(default=None, description=READ_ONLY)
    name: NewName = None
    """New name."""
    description: Annotated[
        Paragraph | None,
        NotNull,
        WithJsonSchema({"type": "string", "maxLength": limit_of(Paragraph)}),
    ] = None
    """New description; an empty one clears it."""


class Product(Resource):
    """Product under evaluation."""

    organization_id: Id
    """Organization that owns the product."""
    name: str
    """Name of the product."""
    description: str
    """Purpose of the product; may be empty."""


class VersionFields(Fields):
    """Version fields that a client sets."""

    description: Paragraph | None = None
    """Difference from other versions."""
    system_prompt: LongText | None = None
    """System prompt of the product in this version."""
    model_id: Line | None = None
    """The client's own name of the model."""
    dataset_description: Paragraph | None = None
    """Description of the data that the product uses."""
    dataset_uri: Uri | None = None
    """URI of that data; it is stored, never fetched."""
    guardrails: LongText | None = None
    """Rules that restrict the product's answers."""


class VersionInput(VersionFields, Request):
    """Version to create; without a name it is numbered, as in `v3`."""

    product_id: Line
    """Product that the version belongs to."""
    name: Line | None = None
    """Name of the version; null or empty for a number, as in `v3`."""


def _trimmed(facts: dict[str, str]) -> dict[str, str]:
    """Return facts as they are compared: without space around, and without empty ones."""
    pairs = [(name.strip(), value.strip()) for name, value in facts.items()]
    found = {name: value for name, value in pairs if name and value}
    if len(found) < sum(bool(name and value) for name, value in pairs):
        raise PydanticCustomError("same_facts", "must name each fact once")
    return found


Facts = Annotated[dict[Line, Line], Field(max_length=MAX_FACTS)]


class VersionOfFacts(Request):
    """Version to get or create, by its facts."""

    product_id: Line
    """Product that the version belongs to."""
    facts: Annotated[Facts, AfterValidator(_trimmed)]
    """State of the agent, such as `{"model": "gpt-4o", "temperature": "0.7"}`; at most 100 facts.
    Space around names and values is removed, then an empty fact. `model` is the version's
    `modelId` too."""
    name: Line | None = None
    """Name of the version if it is created; null or empty for a number, as in `v3`."""


class VersionUpdate(VersionFields, Update):
    """Fields of a version to change."""

    facts: Facts | None = Field(default=None, description=READ_ONLY)
    product_id: Line | None = Field(default=None, description=READ_ONLY)
    name: NewName = None
    """New name."""


class Version(VersionFields, Resource):
    """Version of a product."""

    facts: dict[str, str] | None = Field(default=None, exclude_if=is_none)
    """State of the agent that the version was created for; absent from another version."""
    product_id: Id
    """Product that the version belongs to."""
    name: str
    """Name of the version."""


class TestFields(Fields):
    """Test fields that a client sets; no test cases are generated from them."""

    type: Line | None = None
    """Kind of test in the client's terms, such as `SCENARIOS`."""
    language_code: Line | None = None
    """Language of the test cases, such as `en`."""
    ground_truth_uri: Uri | None = None
    """URI of the expected answers; it is stored, never fetched."""
    few_shot: LongText | None = None
    """Examples of test cases."""
    custom_user_persona: LongText | None = None
    """Persona of the simulated users."""
    variants: Lines | None = None
    """Variants of the test cases."""
    strategies: Lines | None = None
    """Strategies of the test cases."""
    custom_variant_description: LongText | None = None
    """Description of a variant of the client's own."""
    max_test_cases: Positive | None = None
    """Number of test cases that the client wants, at most; not enforced."""
    max_iterations: Positive | None = None
    """Turns of a conversation that the client wants, at most; see that of a test case."""
    uri: Uri | None = None
    """URI of the test's file. A CSV file that was uploaded here is read when the test is created;
    any other URI is stored, never fetched."""
    status: Line | None = None
    """Status in the client's terms."""
    metadata: Any = None
    """Data of the client: any JSON value."""


class TestInput(TestFields, Request):
    """Test to create: a set of test cases."""

    product_id: Line
    """Product that is tested."""
    name: Name
    """Name of the test."""


class TestUpdate(TestFields, Update):
    """Fields of a test to change."""

    product_id: Line | None = Field(default=None, description=READ_ONLY)
    name: NewName = None
    """New name."""


class Test(TestFields, Resource):
    """Test of a product."""

    product_id: Id
    """Product that is tested."""
    name: str
    """Name of the test."""


class TestCaseFields(Fields):
    """Test case fields that a client sets."""

    input: NullableInput = None
    """Input of the user; a string is stored as `{user_message: …}`."""
    context: NullableContext = None
    """Context of the conversation; a string is stored as `{value: …}`."""
    expected_output: Text | None = None
    """Expected answer of the product."""
    expected_tools: Lines | None = None
    """Tools that the product is expected to call."""
    user_persona: LongText | None = None
    """Persona of the simulated user."""
    scenario: LongText | None = None
    """Situation of the simulated user."""
    goal: LongText | None = None
    """Goal of the simulated user."""
    stopping_criterias: Paragraphs | None = None
    """Conditions that end the conversation; only a model judges them."""
    max_iterations: Positive | None = None
    """Turns of a simulated conversation, at most; by default 10."""
    variant: Line | None = None
    """Variant, which lists filter by."""
    strategy: Line | None = None
    """Strategy, which lists filter by."""
    language_code: Line | None = None
    """Language, such as `en`, which lists filter by."""
    source: LongText | None = None
    """Text that the test case was made from."""
    source_file: Uri | None = None
    """Name or URI of the file that the test case was made from."""
    source_test_case_id: Line | None = None
    """Test case that this one was made from."""
    confidence: float | None = None
    """Confidence in the test case, as the client measures it."""
    confidence_reason: Paragraph | None = None
    """Reason for the confidence."""
    reviewed_by_id: Line | None = None
    """Person who reviewed the test case; null if nobody did."""
    user_score: Score | None = None
    """Vote of a person: 1 good, -1 bad, 0 or null none."""
    user_score_reason: Paragraph | None = None
    """Reason for the vote."""


class TestCaseInput(TestCaseFields, Request):
    """Test case to create."""

    test_id: Line
    """Test that the test case belongs to."""
    is_augmented: Annotated[bool, _null_as(value=False)] = False
    """True if the test case was generated from another one."""


class TestCaseUpdate(TestCaseFields, Update):
    """Fields of a test case to change; existing sessions keep their context."""

    test_id: Line | None = Field(default=None, description=READ_ONLY)
    is_augmented: Annotated[bool | None, NotNull, WithJsonSchema({"type": "boolean"})] = None
    """True if the test case was generated from another one."""


class TestCase(TestCaseFields, Resource):
    """Test case of a test."""

    test_id: Id
    """Test that the test case belongs to."""
    input: Annotated[dict[str, Any], _null_as(value={})]
    """Input of the user; empty if there is none."""
    context: Annotated[dict[str, Any], _null_as(value={})]
    """Context of the conversation; empty if there is none."""
    expected_tools: Annotated[list[str], _null_as(value=[])]
    """Tools that the product is expected to call."""
    stopping_criterias: Annotated[list[str], _null_as(value=[])]
    """Conditions that end the conversation."""
    is_augmented: bool
    """True if the test case was generated from another one."""
    credits_used: int | None
    """Always null: the service has no credits."""
