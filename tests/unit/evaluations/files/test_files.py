"""Files: signed addresses, for the organization that a file belongs to."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.support.gateway import Gateway

PUT = "/storage/generate-put-presigned-url"
GET = "/storage/generate-get-presigned-url"


@pytest.mark.parametrize(
    ("file_type", "folder"),
    [("testFile", "tests"), ("groundTruth", "knowledge"), ("file", "files")],
)
def test_upload_is_signed_for_a_new_key_of_the_organization(
    api: Gateway, file_type: str, folder: str
) -> None:
    answer = api("GET", f"{PUT}?key=a/../cases.csv&fileType={file_type}")

    assert answer.status == 200, answer.text
    upload = urlsplit(answer.json["uploadPresignedUrl"])
    prefix, name = upload.path.rsplit("/", 1)
    assert prefix == f"/datasets/{folder}/{api.organization_id}"
    assert name.endswith(".csv")
    assert len(name) == 36
    assert parse_qs(upload.query)["X-Amz-Expires"] == ["900"]
    assert urlsplit(answer.json["downloadPresignedUrl"]).path == upload.path


@pytest.mark.parametrize(
    "query", ["", "key=a.csv", "fileType=testFile", "key=a&fileType=audio", "key=&fileType=file",
              f"key={'x' * 501}&fileType=file"],
)  # fmt: skip
def test_upload_without_a_name_or_a_known_type_is_refused(api: Gateway, query: str) -> None:
    assert api("GET", f"{PUT}?{query}").status == 400


def test_reader_cannot_upload(api: Gateway) -> None:
    reader = Gateway(organization_id=api.organization_id, scopes="read")
    assert reader("GET", f"{PUT}?key=a&fileType=file").status == 403


def test_download_is_signed_for_the_files_of_the_organization_only(
    api: Gateway, other_api: Gateway
) -> None:
    url = api("GET", f"{PUT}?key=a.pdf&fileType=file").json["downloadPresignedUrl"]
    uri = url.partition("?")[0]

    for known in (url, uri):
        answer = api("GET", f"{GET}?uri={quote(known, safe='')}")
        assert answer.json["downloadPresignedUrl"].startswith(f"{uri}?")
        assert other_api("GET", f"{GET}?uri={quote(known, safe='')}").status == 404


@pytest.mark.parametrize("uri", ["x", "https://shop.example/a.csv", "http%3A%2F%2F%5B", ""])
def test_download_of_anything_else_is_not_found(api: Gateway, uri: str) -> None:
    assert api("GET", f"{GET}?uri={uri}").status == 404


def test_several_downloads_are_signed_without_those_of_others(
    api: Gateway, other_api: Gateway
) -> None:
    own, other = (
        one("GET", f"{PUT}?key=a.csv&fileType=testFile").json["downloadPresignedUrl"]
        for one in (api, other_api)
    )

    answer = api("POST", f"{GET}s", {"uris": [own, other, "x"]})

    assert answer.status == 200, answer.text
    assert list(answer.json["downloadPresignedUrls"]) == [own]
