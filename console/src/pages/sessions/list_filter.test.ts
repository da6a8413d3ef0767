import { expect, test } from "vitest";
import { isFilteringList, listFilterOf, queryOf } from "./list_filter";

test("a URL's query becomes a query of the API", () => {
  const filter = listFilterOf({
    kind: "agent",
    status: "open",
    search: " late ",
    from: "2026-03-01",
  });
  expect(queryOf(filter)).toEqual({
    kind: ["agent"],
    status: "open",
    search: "late",
    created_after: new Date("2026-03-01T00:00:00").toISOString(),
  });
  expect(isFilteringList(filter)).toBe(true);
});

test("values that nobody offered are ignored", () => {
  const filter = listFilterOf({
    kind: "x",
    status: "<script>",
    from: "yesterday",
    to: "2026-99-99",
  });
  expect(isFilteringList(filter)).toBe(false);
  expect(queryOf(filter)).toEqual({});
});
