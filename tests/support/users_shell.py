"""Isolation from the user's shell: its AWS variables and function settings are removed.

A profile, region or endpoint in the shell would otherwise change what a test does, and a test
could reach the user's own account.
"""

import os
import signal
from dataclasses import fields

from shared.core.settings import Settings

_SETTINGS = {field.name.upper() for field in fields(Settings)}
#: Variables of `make run`: its model and the key of its server.
_MODEL = ("MODEL", "MODELS")
_NO_FILES = {
    "OPENAI_API_KEY": "",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def forget_users_shell() -> None:
    """Remove AWS's and the functions' variables from this process's environment.

    A proxy stays, for downloads, but is not used for this machine's own ports. In the background,
    the shell has Ctrl-C ignored, by the programs of tests too: each would outlive it for 5 s.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in list(os.environ):
        if name.startswith(("AWS_", "POWERTOOLS_")) or name in (*_SETTINGS, *_MODEL):
            del os.environ[name]
    os.environ.update(_NO_FILES)
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
