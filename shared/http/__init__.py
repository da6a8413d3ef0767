"""HTTP layer of every endpoint: from API Gateway's event to the service, and back."""

import os
import sys

# FastAPI imports Pydantic 1 for models of that version where it can; this project has none, and
# the import takes a quarter of a function's own start. FastAPI handles the ``ImportError``.
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    sys.modules.setdefault("pydantic.v1", None)  # type: ignore[arg-type]  # None refuses an import
