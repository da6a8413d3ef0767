import { describe, expect, test } from "vitest";
import type { Entry } from "@/transcript/turns";
import {
  align,
  placeOfCall,
  placeOfLine,
  placeOfTurn,
  placesOf,
  recordedValues,
} from "./alignment";
import { type Content, EMPTY, turnOf } from "./content";
import { type Needle, segmentsOf } from "./marks";
import { toolsOf } from "./world";

const NEEDLES: Needle[] = [
  { text: "Erik Wexler", kind: "NAME" },
  { text: "erik.wexler@example.com", kind: "EMAIL" },
  { text: "9073", kind: "SECRET" },
];

const frame = (id: string) => ({ id, at: "2026-03-01T09:30:00Z", sequences: [], eventIds: [id] });

function said(id: string, role: "user" | "assistant", text: string): Entry {
  return {
    ...frame(id),
    kind: "message",
    role,
    parts: [{ type: "text", text }],
    thinking: "",
    model: "",
  };
}

function called(id: string, name: string, args: unknown, answer: unknown): Entry {
  const call = { id, name, args, answer, error: null, durationMs: null, matched: "" };
  return { ...frame(id), kind: "call", call: { ...call, status: "success" } };
}

const ENTRIES = [
  said("u1", "user", "I am Marta Kowalczyk. Cancel my order HP-1."),
  said("a1", "assistant", "Which e-mail address, Marta?"),
  said("u2", "user", "marta@mail.test"),
  called("c1", "find", { email: "marta@mail.test" }, '{"name": "Marta Kowalczyk", "pin": 1204}'),
  called("c2", "find", { email: "other" }, "[]"),
  said("a2", "assistant", "Done, Marta Kowalczyk."),
];

const CONTENT: Content = {
  ...EMPTY,
  intent: "Cancel my order HP-1.",
  journey: [
    "The user opens: “I am <NAME_1>. Cancel my order HP-1.”",
    "The user says: “<EMAIL_1>”",
    "The assistant calls find (email: <EMAIL_1>); it answers {}.",
    "The assistant says: “Done, <NAME_1>.”",
    "The session is left open.",
  ].join("\n"),
  userTurns: ["I am Erik Wexler. Cancel my order HP-1.", "erik.wexler@example.com"].map(turnOf),
  tools: toolsOf({
    find: {
      output: [],
      calls: [
        {
          arguments: { email: "erik.wexler@example.com" },
          output: { name: "Erik Wexler", pin: 9073 },
        },
        { arguments: { email: "other" }, output: [] },
      ],
    },
  }),
};

describe("a draft and its transcript", () => {
  const { sources, recorded } = align(ENTRIES, CONTENT, NEEDLES);
  const turns = CONTENT.userTurns.map((turn) => sources.get(placeOfTurn(turn.id)));
  const calls = CONTENT.tools[0]?.calls?.map((call) => sources.get(placeOfCall(call.id)));

  test("messages and calls have their entries", () => {
    expect(turns).toEqual([["u1"], ["u2"]]);
    expect(calls).toEqual([["c1"], ["c2"]]);
  });

  test("the goal and the steps have theirs", () => {
    expect(sources.get("intent")).toEqual(["u1"]);
    expect(sources.get(placeOfLine(0))).toEqual(["u1"]);
    expect(sources.get(placeOfLine(2))).toEqual(["c1"]);
    expect(sources.get(placeOfLine(3))).toEqual(["a2"]);
    expect(sources.get(placeOfLine(4))).toBeUndefined();
  });

  test("an entry leads back to the draft", () => {
    expect(placesOf(sources, "u1")).toContain("intent");
    expect(placesOf(sources, "c2")).toContain(placeOfCall(CONTENT.tools[0]?.calls?.[1]?.id ?? ""));
  });

  test("recorded values are known with their kinds, a name with its parts", () => {
    const kinds = Object.fromEntries(recorded.map((one) => [one.text, one.kind]));
    expect(kinds).toEqual({
      "Marta Kowalczyk": "NAME",
      Marta: "NAME",
      Kowalczyk: "NAME",
      "marta@mail.test": "EMAIL",
      "1204": "SECRET",
    });
  });
});

test("a text that is not the recorded one has no values", () => {
  const segments = segmentsOf("I am Erik Wexler, hello", NEEDLES);
  expect(recordedValues("Something else", segments)).toBeNull();
  expect(recordedValues("I am Mia, hello", segments)).toEqual([{ text: "Mia", kind: "NAME" }]);
});

test("a session without messages and a draft without parts align", () => {
  expect(align([], EMPTY, []).recorded).toEqual([]);
});
