"""Formats of a report."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from shared.runs.reports.html import page
from shared.runs.reports.json_report import json_report
from shared.runs.reports.junit import junit
from shared.runs.reports.markdown import markdown
from shared.runs.reports.report import Report


class ReportFormat(StrEnum):
    """Form of a report."""

    HTML = "html"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Form:
    """Writer of a format, its media type, and the ending of a file's name."""

    write: Callable[[Report], Iterator[str]]
    media_type: str
    extension: str


FORMS = {
    ReportFormat.HTML: Form(page, "text/html", "html"),
    ReportFormat.JUNIT: Form(junit, "application/xml", "xml"),
    ReportFormat.MARKDOWN: Form(markdown, "text/markdown", "md"),
    ReportFormat.JSON: Form(json_report, "application/json", "json"),
}
