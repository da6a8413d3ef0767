"""INIT of a function in Lambda: what makes its imports faster, and what ends them.

``shared.http.framework`` prepares INIT before any other package is imported; ``end_init`` ends it
(docs/decisions/0050-imports-without-collector-and-schemas.md).
"""

import gc
import os
import sys


def prepare_init() -> None:
    """Turn the garbage collector off, and Pydantic 1, in Lambda.

    Imports create a hundred thousand objects that stay; to search them for garbage takes a tenth
    of INIT. FastAPI imports Pydantic 1 for models of that version where it can: this project has
    none, the import takes as long as a function's own modules, and FastAPI handles its
    ``ImportError``.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        gc.disable()
        sys.modules.setdefault("pydantic.v1", None)  # type: ignore[arg-type]  # None refuses an import


def end_init() -> None:
    """Turn the garbage collector on, and leave out of its work what INIT created, which stays."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
