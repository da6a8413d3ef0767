/** Content of messages: text, images that may be shown, and what stands for anything else. */

export type Part =
  | { type: "text"; text: string }
  /** `src` is a data URL that a page may show; null if it may not, with the reason in `name`. */
  | { type: "image"; src: string | null; name: string };

/** The only images that are shown: bytes in the page, of forms that hold no scripts. */
const SHOWN_IMAGE = /^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$/;

type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Return the text of a value, if it is one. */
export const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Return the number of a value, if it is one. */
export const numberOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

/**
 * Return the parts of a message's content that people read.
 *
 * Takes the content of an agent session's message, of OpenAI's and of Anthropic's. Tool calls and
 * results are left out: they have cards of their own.
 */
export function partsOf(content: unknown): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part) => (isFields(part) ? partOf(part) : partsOf(part)));
}

function partOf(part: Fields): Part[] {
  switch (part.type) {
    case "tool_call":
    case "tool_result":
    case "tool_use":
      return [];
    case "image":
    case "image_url":
    case "image_file":
      return [imageOf(part)];
    default: {
      const text = textOf(part.text) ?? textOf(part.content);
      return text === null ? [] : [{ type: "text", text }];
    }
  }
}

function imageOf(part: Fields): Part {
  const link = isFields(part.image_url) ? part.image_url.url : part.image_url;
  const url = textOf(part.url) ?? textOf(link);
  const bytes = textOf(part.base64);
  const src =
    bytes === null ? url : `data:${textOf(part.media_type) ?? "image/png"};base64,${bytes}`;
  if (src !== null && SHOWN_IMAGE.test(src)) return { type: "image", src, name: "Image" };
  const name = textOf(part.filename) ?? textOf(part.image_id) ?? address(src);
  return { type: "image", src: null, name };
}

/** An image elsewhere is named and not loaded: its server would learn who reads the session. */
function address(src: string | null): string {
  if (src === null || src.startsWith("data:")) return "in a form that is not shown";
  return src.length > 200 ? `${src.slice(0, 200)}…` : src;
}

/** Return all text of parts, for a title or a search. */
export function joinedText(parts: readonly Part[]): string {
  return parts
    .map((part) => (part.type === "text" ? part.text : `[${part.name}]`))
    .join("\n")
    .trim();
}
