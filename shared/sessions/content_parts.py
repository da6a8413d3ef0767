"""Text of content parts, in the forms of the common model APIs."""

from typing import Any

_TEXT_PARTS = frozenset({"text", "input_text", "output_text"})
_MEDIA = {
    **dict.fromkeys(("image", "image_file", "image_url", "input_image", "image-url"), "image"),
    **dict.fromkeys(("audio", "audio_url", "input_audio", "output_audio"), "audio"),
    **dict.fromkeys(("video", "video_url", "input_video"), "video"),
    **dict.fromkeys(
        ("file", "file_url", "input_file", "document", "media", "blob", "uri", "container_upload"),
        "file",
    ),
}
_MEDIA_TYPES = ("mime_type", "mimeType", "media_type", "mediaType", "modality")


def as_parts(content: Any) -> list[Any]:
    """Return a content as a list of parts."""
    if content is None:
        return []
    return content if isinstance(content, list) else [content]


def part_text(part: Any) -> str | None:
    """Return the text of a part; None for a part of an unknown form, or without text.

    Audio, video, images and files become their transcript, their text, or a placeholder
    such as ``[image]``.
    """
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        return None
    kind = part.get("type", "text")
    if not isinstance(kind, str):
        return None
    if kind in _TEXT_PARTS:
        text = next((part[key] for key in ("text", "content") if key in part), None)
        if isinstance(text, dict):  # of OpenAI's Assistants, which has annotations beside it
            text = text.get("value")
        return text if isinstance(text, str) else None
    if kind == "refusal" and isinstance(part.get("refusal"), str):
        return str(part["refusal"])
    return media_text(_MEDIA[kind], part) if kind in _MEDIA else None


def media_text(kind: str, part: dict[str, Any]) -> str:
    """Return the transcript or text of a medium, else its placeholder."""
    nested = [part, *(value for value in part.values() if isinstance(value, dict))]
    for fields in nested:
        if isinstance(transcript := fields.get("transcript"), str) and transcript.strip():
            return transcript
    if kind == "file":
        for fields in nested:
            if fields.get("type") == "text" and isinstance(text := fields.get("data"), str):
                return text
            for key in _MEDIA_TYPES:
                if (found := str(fields.get(key)).partition("/")[0]) in ("image", "audio", "video"):
                    return f"[{found}]"
    return f"[{kind}]"
