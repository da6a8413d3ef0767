import { describe, expect, test } from "vitest";
import { joinedText, partsOf } from "./parts";

const PIXEL = "iVBORw0KGgo=";

describe("content of a message", () => {
  test("text is a part as it is, markup included", () => {
    expect(partsOf("<b>hi</b>")).toEqual([{ type: "text", text: "<b>hi</b>" }]);
    expect(partsOf([{ type: "text", text: "a" }, "b"])).toEqual([
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ]);
    expect(partsOf("")).toEqual([]);
  });

  test("tool calls are no text", () => {
    expect(partsOf([{ type: "tool_call", id: "1", name: "find", arguments: {} }])).toEqual([]);
  });

  test("an image is shown from its bytes", () => {
    expect(partsOf([{ type: "image", base64: PIXEL, media_type: "image/png" }])).toEqual([
      { type: "image", src: `data:image/png;base64,${PIXEL}`, name: "Image" },
    ]);
    const url = `data:image/webp;base64,${PIXEL}`;
    expect(partsOf([{ type: "image_url", image_url: { url } }])[0]).toMatchObject({ src: url });
  });

  test.each([
    "data:image/svg+xml;base64,PHN2Zz4=",
    "data:text/html,<script>",
    "javascript:alert(1)",
    'data:image/png;base64,"onerror=',
    "https://example.com/x.png",
  ])("an image in another form is never loaded: %s", (url) => {
    expect(partsOf([{ type: "image", url }])[0]).toMatchObject({ type: "image", src: null });
  });

  test("bytes of a type with scripts are never loaded", () => {
    const part = { type: "image", base64: PIXEL, media_type: "image/svg+xml" };
    expect(partsOf([part])[0]).toMatchObject({ src: null });
  });

  test("values of any form do not fail", () => {
    for (const value of [null, 1, {}, [null], [{}], [[{ text: 1 }]]]) partsOf(value);
    expect(joinedText(partsOf(["a", { type: "image", url: "https://x" }]))).toBe("a\n[https://x]");
  });
});
