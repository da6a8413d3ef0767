import { expect, test } from "vitest";
import { filtersOf, idOf, tagsOf } from "./filters";

test("tags are separated by commas, each once", () => {
  expect(tagsOf(" a, b b ,,a")).toEqual(["a", "b b"]);
});

test("filters of a URL", () => {
  expect(filtersOf({ source: "drafted", tags: "a,b", after: "2026-03-01" })).toEqual({
    source: "drafted",
    tags: ["a", "b"],
    created_after: new Date("2026-03-01T00:00:00").toISOString(),
  });
  expect(filtersOf({ source: "<script>", tags: " ", after: "yesterday" })).toEqual({});
  expect(filtersOf({ after: "2026-99-99" })).toEqual({});
});

test("a line of each format names its scenario", () => {
  expect(idOf('{"id": "a"}')).toBe("a");
  expect(idOf('{"metadata": {"scenario_id": "b"}}')).toBe("b");
  expect(idOf('{"additional_metadata": {"scenario_id": "c"}}')).toBe("c");
  expect(idOf("[1]")).toBe("");
});
