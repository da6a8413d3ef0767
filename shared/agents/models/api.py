"""Language models in the API."""

from pydantic import BaseModel, Field

from shared.agents.api import ListResponse
from shared.llm import registry


class ModelInfo(BaseModel):
    """A language model of the stack."""

    id: str = Field(description="Id that sessions, agents and messages refer to.")
    name: str = Field(description="The provider's name of the model.")
    provider: str = Field(description="`scripted` or `bedrock`.")

    @classmethod
    def of(cls, model: registry.Model) -> "ModelInfo":
        return cls(id=str(model.id), name=model.name, provider=model.provider)


class ListResponse_ModelInfo(ListResponse[ModelInfo]):  # noqa: N801  # the schema's name in the API
    """Language models of the stack."""
