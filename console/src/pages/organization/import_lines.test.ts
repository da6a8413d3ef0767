import { expect, test } from "vitest";
import { readImport } from "./import_lines";

const CALL = { id: "call-1", messages: [{ role: "user", content: "Hello" }] };

test("one value, a list and lines give the same conversations", async () => {
  const second = { ...CALL, id: "call-2" };
  const forms = [
    JSON.stringify([CALL, second], null, 2),
    `${JSON.stringify(CALL)}\n\n${JSON.stringify(second)}\r\n`,
  ];
  for (const form of forms) {
    const { conversations, faults } = await readImport(form);
    expect(conversations.map((one) => one.body)).toEqual([CALL, second]);
    expect(faults).toEqual([]);
  }
  expect((await readImport(JSON.stringify(CALL, null, 2))).conversations).toHaveLength(1);
});

test("messages alone are one conversation, with an id of their content", async () => {
  const [first] = (await readImport(JSON.stringify(CALL.messages))).conversations;
  const [again] = (await readImport(JSON.stringify(CALL.messages, null, 1))).conversations;
  expect(first?.body).toEqual({
    id: expect.stringMatching(/^pasted-\w{24}$/),
    messages: CALL.messages,
  });
  expect(again).toEqual(first);
});

test("an exported session is one conversation with its events", async () => {
  const text =
    '{"type": "session", "id": "a"}\n{"sequence": 1}\n{"sequence": 2}\n{"id": "b", "messages": []}';
  const { conversations } = await readImport(text);
  expect(conversations).toEqual([
    { line: 1, body: { type: "session", id: "a", events: [{ sequence: 1 }, { sequence: 2 }] } },
    { line: 4, body: { id: "b", messages: [] } },
  ]);
});

test("each line that cannot be sent is named", async () => {
  const large = JSON.stringify({ id: "c", messages: ["x".repeat(5_000_000)] });
  const { conversations, faults } = await readImport(
    `${JSON.stringify(CALL)}\n{"id": \n7\n${large}`,
  );
  expect(conversations).toHaveLength(1);
  expect(faults.map((one) => one.line)).toEqual([2, 3, 4]);
});
