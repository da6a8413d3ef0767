"""API models of files; names are the Galtea API's."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.core.api_types import Line
from shared.evaluations.api import Answer, Request, Uri
from shared.evaluations.files.domain import FileType

#: Addresses of one request, at most.
MAX_URIS = 100
_TYPES = {
    "testFile": FileType.TESTS,
    "groundTruth": FileType.KNOWLEDGE,
    "file": FileType.FILES,
}


class UploadParameters(BaseModel):
    """Query parameters of an upload."""

    model_config = ConfigDict(populate_by_name=True)

    key: Annotated[Line, Field(min_length=1)]
    """Name of the file, such as `cases.csv`; its extension is kept."""
    file_type: Literal["testFile", "groundTruth", "file"] = Field(alias="fileType")
    """Purpose: `testFile` for the CSV file of a test, `groundTruth` for a knowledge base, `file`
    for an attachment."""

    def type(self) -> FileType:
        """Return the domain's file type."""
        return _TYPES[self.file_type]


class LinkParameters(BaseModel):
    """Query parameters of a download."""

    uri: Uri
    """URI of a file, as the upload or a test has it."""


class UploadUrls(Answer):
    """Signed addresses of a new file."""

    upload_presigned_url: str
    """Address that accepts one PUT of the file, for 15 minutes; send no API key there."""
    download_presigned_url: str
    """Address of the uploaded file, for 15 minutes; without its query it is the file's URI."""


class DownloadUrl(Answer):
    """Signed address of a file."""

    download_presigned_url: str
    """Address of the file, for 15 minutes."""


class UrisToSign(Request):
    """Files to sign addresses for."""

    uris: list[Uri] = Field(max_length=MAX_URIS)
    """URIs of files; 100 at most."""


class DownloadUrls(Answer):
    """Signed addresses of files, by URI."""

    download_presigned_urls: dict[str, str]
    """Addresses by URI, without those that are no files of the organization."""
