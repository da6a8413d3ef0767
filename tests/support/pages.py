"""Commands of documentation pages, to be executed as they stand."""

import re

from local.settings import ROOT

_SECTION = r"## {}\n(.*?)\n## "
_BLOCK = r"```{}\n(.*?)```"


def blocks(page: str, heading: str, language: str = "sh") -> list[str]:
    """Return the code blocks of a section of a page."""
    section = re.search(_SECTION.format(heading), (ROOT / page).read_text(), re.DOTALL)
    assert section is not None
    return re.findall(_BLOCK.format(language), section[1], re.DOTALL)
