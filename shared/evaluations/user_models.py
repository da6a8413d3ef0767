"""Who a key stands for, in the API: there are keys here, and no people."""

from pydantic import Field

from shared.evaluations.api import Answer, Id


class User(Answer):
    """The API key that signed the request, as the user it stands for."""

    id: Id = Field(description="The API key's id; sessions and turns bear it as `userId`.")
    organization_id: Id
    name: str = Field(description="The API key's name.")
