import { expect, test } from "vitest";
import { faultOfJson, faultOfName, moved, rowCount, toolsOf, worldOf } from "./world";

test.each([
  [{}],
  [{ find: { output: { name: "Mia" } } }],
  [{ find: { error: "down", delay_ms: 20 } }],
  [{ find: { output: null, calls: [] } }],
  [
    {
      find: {
        output: [1],
        calls: [
          { arguments: { id: 1 }, output: [1], delay_ms: 5 },
          { arguments: null },
          { output: "any arguments" },
          { arguments: {}, error: { code: 7 }, later_field: true },
        ],
      },
      other: { output: 0, note: "kept" },
    },
  ],
])("a world is the same after the table: %j", (world) => {
  expect(worldOf(toolsOf(world))).toEqual(world);
});

test("a value of another form becomes an answer instead of an error", () => {
  expect(worldOf(toolsOf({ find: "text" }))).toEqual({ find: { output: "text" } });
});

test("faults of JSON say what to do", () => {
  expect(faultOfJson('{"a": 1}', true)).toBeUndefined();
  expect(faultOfJson("[1]", true)).toContain("JSON object");
  expect(faultOfJson("{a: 1}")).toContain("not valid JSON");
});

test("a tool has a name of its own", () => {
  const tools = toolsOf({ find: { output: 1 }, get: { output: 2 } });
  const id = tools[0]?.id ?? "";
  expect(faultOfName(tools, id, "find")).toBeUndefined();
  expect(faultOfName(tools, id, "get")).toContain("Another tool");
  expect(faultOfName(tools, id, " ")).toContain("Enter");
});

test("rows move within the list only", () => {
  expect(moved(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b", "c"], 0, -1)).toEqual(["a", "b", "c"]);
  expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "b", "c"]);
});

test("a tool without calls is one row", () => {
  expect(rowCount(toolsOf({ a: { output: 1 }, b: { calls: [{}, {}] }, c: { calls: [] } }))).toBe(3);
});
