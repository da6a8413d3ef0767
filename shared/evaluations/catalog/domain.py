"""Catalog entities: products, their versions and tests, and the cases of a test."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.ids import (
    ApiKeyId,
    OrganizationId,
    ProductId,
    TestCaseId,
    TestId,
    TypedId,
    VersionId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntity:
    """Fields of all catalog entities.

    Attributes
    ----------
    user_id
        API key that created it.
    first_child
        Id of the first child; None as long as there was none. The create of the first child
        writes it, so that it and a concurrent delete cannot both succeed.
    """

    id: TypedId
    organization_id: OrganizationId
    user_id: ApiKeyId
    created_at: datetime
    deleted_at: datetime | None = None
    first_child: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(CatalogEntity):
    """Product under evaluation."""

    id: ProductId
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(CatalogEntity):
    """Version of a product.

    Attributes
    ----------
    model_id
        The client's own name of a model.
    facts
        State of the agent that this version is; no two versions of a product have the same.
    """

    id: VersionId
    product_id: ProductId
    name: str
    description: str | None = None
    system_prompt: str | None = None
    model_id: str | None = None
    dataset_description: str | None = None
    dataset_uri: str | None = None
    guardrails: str | None = None
    facts: dict[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Test(CatalogEntity):
    """Test of a product: a set of test cases."""

    id: TestId
    product_id: ProductId
    name: str
    type: str | None = None
    language_code: str | None = None
    ground_truth_uri: str | None = None
    few_shot: str | None = None
    custom_user_persona: str | None = None
    variants: list[str] | None = None
    strategies: list[str] | None = None
    custom_variant_description: str | None = None
    max_test_cases: int | None = None
    max_iterations: int | None = None
    uri: str | None = None
    status: str | None = None
    metadata: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCase(CatalogEntity):
    """Test case: the user's input or goal, and the expected behavior of the product."""

    id: TestCaseId
    test_id: TestId
    input: dict[str, Any] | None = None
    context: dict[str, Any] | None = None
    expected_output: str | None = None
    expected_tools: list[str] | None = None
    user_persona: str | None = None
    scenario: str | None = None
    goal: str | None = None
    stopping_criterias: list[str] | None = None
    max_iterations: int | None = None
    variant: str | None = None
    strategy: str | None = None
    language_code: str | None = None
    source: str | None = None
    source_file: str | None = None
    source_test_case_id: str | None = None
    is_augmented: bool = False
    confidence: float | None = None
    confidence_reason: str | None = None
    reviewed_by_id: str | None = None
    user_score: int | None = None
    user_score_reason: str | None = None
    credits_used: int | None = None
