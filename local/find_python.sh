#!/bin/sh
# Prints the path of a working Python >= 3.12, or one line on stderr and exit 1.
#
# A candidate counts when it runs and can make an environment: a pyenv shim with no version
# behind it exists, is executable, and fails. 3.13 comes first, because it is the runtime
# that the stack deploys by default; byte-code is compiled by the same minor version.

works() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] not in ((3, 12), (3, 13), (3, 14)))' \
        >/dev/null 2>&1
}

uv_versions="${UV_PYTHON_INSTALL_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/uv/python}"
for minor in 3.13 3.12 3.14; do
    for candidate in \
        ${PYTHON:+"$PYTHON"} \
        "python$minor" \
        "${PYENV_ROOT:-$HOME/.pyenv}/versions/$minor"*/bin/python \
        "$uv_versions/cpython-$minor".*/bin/python3; do
        if works "$candidate"; then
            # Shims and symlinks are resolved: SAM looks beside the interpreter.
            "$candidate" -c 'import sys; print(sys.executable)'
            exit 0
        fi
    done
done
for candidate in python3 python; do
    if works "$candidate"; then
        "$candidate" -c 'import sys; print(sys.executable)'
        exit 0
    fi
done
echo "error: no working Python 3.12, 3.13 or 3.14 found (looked on PATH, in pyenv's and in uv's versions); install one or set PYTHON=/path/to/python" >&2
exit 1
