import { expect, test } from "vitest";
import { countKinds, markedTexts, needlesOf, segmentsOf } from "./marks";

const NEEDLES = needlesOf([
  { kind: "NAME", placeholder: "<NAME_1>", pseudonyms: ["Erik Wexler", "Erik"] },
  { kind: "CARD", placeholder: null, pseudonyms: ["4870 2176"] },
]);
const shown = (text: string) =>
  segmentsOf(text, NEEDLES).map(({ text: part, kind }) => (kind ? `‹${part}|${kind}›` : part));

test("placeholders are marked without needles", () => {
  expect(shown("I am <NAME_1>, <ID_NUMBER_12>.")).toEqual([
    "I am ",
    "‹<NAME_1>|NAME›",
    ", ",
    "‹<ID_NUMBER_12>|ID_NUMBER›",
    ".",
  ]);
});

test.each(["<script>", "<NAME>", "<name_1>", "<NAME_x>", "<img src=x onerror=alert(1)>"])(
  "what only looks like a placeholder is text: %s",
  (text) => expect(shown(text)).toEqual([text]),
);

test("the longest of overlapping values is marked, and whole words only", () => {
  expect(shown("Erik Wexler and Erik, not Erika")).toEqual([
    "‹Erik Wexler|NAME›",
    " and ",
    "‹Erik|NAME›",
    ", not Erika",
  ]);
  expect(shown("14870 21769")).toEqual(["14870 21769"]);
});

test("segments are the whole text", () => {
  const text = "Erik: 4870 2176 <EMAIL_1>";
  expect(
    segmentsOf(text, NEEDLES)
      .map((one) => one.text)
      .join(""),
  ).toBe(text);
  expect(segmentsOf("", NEEDLES)).toEqual([]);
});

test("kinds are counted, and each marked text is named once", () => {
  const text = "Erik, <EMAIL_1>, Erik";
  expect(countKinds([text], NEEDLES)).toEqual([
    ["NAME", 2],
    ["EMAIL", 1],
  ]);
  expect(markedTexts(text, NEEDLES).map((one) => one.text)).toEqual(["Erik", "<EMAIL_1>"]);
});
