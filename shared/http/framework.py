"""FastAPI for the functions, which import it from here, before any other package.

FastAPI declares the models of OpenAPI documents when it is imported. No function reads them, so
Pydantic builds their schemas at their first use. If Pydantic ignores the setting, it builds them
now: INIT takes a tenth longer, with the same result.
"""

from shared.http.init import prepare_init

prepare_init()

# Before the setting: models of this project that derive from RootModel are built at once.
import pydantic.root_model  # noqa: E402  # INIT is prepared before any package is imported

pydantic.BaseModel.model_config["defer_build"] = True
from fastapi import APIRouter, Body, Query, Request, Response  # noqa: E402

del pydantic.BaseModel.model_config["defer_build"]

__all__ = ["APIRouter", "Body", "Query", "Request", "Response"]
