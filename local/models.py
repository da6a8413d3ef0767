"""Language models of `make run` and `make deploy`: MODEL, MODELS, and the key of their servers.

Uses the standard library only: wrong values are refused before anything is installed.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from local.console import BadValue
from local.settings import ROOT
from shared.llm.model_entries import OPENAI, ModelEntry, check_entries, parse_entries, parse_model

#: SSM parameter of the emulator with the key of servers whose entries name no secret.
KEY_PARAMETER = "/agent-sessions/models/openai"
KEY = "OPENAI_API_KEY"
ENV_FILE = ROOT / ".env"

_MODELS = "Models"
#: Parameters that name a model; `MODEL` is the default of each.
_USES = ("DefaultModelId", "PlaygroundModel", "SimulatorModel", "DrafterModel", "JudgeModel")
_SCRIPTED_ID = "model_00000000000000000000000000000001"
_MODEL_FORM = "expected openai/<model name>@<base url>"
_KEY_LINE = re.compile(rf"\s*(?:export\s+)?{KEY}\s*=\s*(?P<value>.*?)\s*")


def add_models(
    parameters: Mapping[str, str], *, model: str = "", models: str = "", has_key: bool = False
) -> dict[str, str]:
    """Return a stack's parameters with the models of ``MODELS`` and of ``MODEL``.

    ``model`` is used wherever the parameters name no other. With a key, entries of servers that
    name no secret name the emulator's. Raises ``BadValue``.
    """
    chosen = dict(parameters)
    if models and _MODELS in chosen:
        raise BadValue("MODELS: PARAMETERS has Models too; give one of them")
    name = "MODELS" if models else "PARAMETERS: Models"
    entries = _parsed(name, models or chosen.get(_MODELS, ""))
    if model:
        entry = _default_model(model)
        entries = [one for one in entries if one.id != entry.id] + [entry]
        chosen = dict.fromkeys(_USES, entry.id) | chosen
    check_uses(chosen, entries)
    if model or models or has_key:
        secret = KEY_PARAMETER if has_key else ""
        entries = [
            replace(one, secret=one.secret or secret) if one.provider == OPENAI else one
            for one in entries
        ]
        if entries:
            chosen[_MODELS] = _render(entries)
    return chosen


def check_uses(parameters: Mapping[str, str], entries: list[ModelEntry] | None = None) -> None:
    """Raise ``BadValue`` unless the models that parameters use are in ``Models``."""
    if entries is None:
        entries = _parsed("PARAMETERS: Models", parameters.get(_MODELS, ""))
    known = {_SCRIPTED_ID, *(entry.id for entry in entries)}
    for name in _USES:
        if (used := parameters.get(name)) and used not in known:
            raise BadValue(f"PARAMETERS: {name}: must be an id in Models; {used} is none")


def _parsed(name: str, text: str) -> list[ModelEntry]:
    try:
        entries = parse_entries(text)
        check_entries(entries)
    except ValueError as error:
        raise BadValue(f"{name}: {error}") from None
    return entries


def _default_model(model: str) -> ModelEntry:
    """Return the entry of ``MODEL``, whose id is the same whenever the model is."""
    identifier = "model_" + hashlib.sha256(model.partition("#")[0].encode()).hexdigest()[:32]
    try:
        entry = parse_model(identifier, model)
        check_entries([entry])
    except ValueError as error:
        reason = str(error).replace(f"{identifier}=", "").replace(f"{identifier}: ", "")
        reason = reason.replace("expected model_<32 hex>=<provider>/<name>", _MODEL_FORM)
        raise BadValue(f"MODEL: {reason}") from None
    if "," in model:
        raise BadValue("MODEL: must be one model; give several in MODELS")
    return entry


def _render(entries: list[ModelEntry]) -> str:
    """Return the short form of entries, which passes the SAM CLI without quotes."""
    texts = []
    for entry in entries:
        if "," in entry.name:
            raise BadValue(f"MODELS: {entry.id}: the name must have no comma")
        url = f"@{entry.base_url}" if entry.base_url else ""
        secret = f"#{entry.secret}" if entry.secret else ""
        texts.append(f"{entry.id}={entry.provider}/{entry.name}{url}{secret}")
    return ",".join(texts)


def read_key(environment: Mapping[str, str], file: Path = ENV_FILE) -> str:
    """Return the key of models' servers; empty if there is none.

    The environment's precedes that of the file, also if it is empty. Raises ``BadValue``,
    which never shows it.
    """
    key = environment[KEY] if KEY in environment else _key_of(file)
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise BadValue(f"{KEY}: must have ASCII characters only, and no spaces")
    return key


def _key_of(file: Path) -> str:
    try:
        lines = file.read_text().splitlines() if file.is_file() else []
    except (OSError, ValueError):
        raise BadValue(f"{KEY}: {file.name} cannot be read; it must be a text file") from None
    values = [found["value"] for line in lines if (found := _KEY_LINE.fullmatch(line))]
    value = values[-1] if values else ""
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value
