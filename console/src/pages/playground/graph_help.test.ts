import schemas from "virtual:graph-schema";
import { expect, test } from "vitest";
import { describe as describePlace, expressionWords, suggestions } from "./graph_help";
import { parseJson, printJson } from "./graph_text";
import { looseValue, parse, placeAt, rangeOf } from "./json_places";
import { withoutDefaults } from "./schema";

const GRAPH = {
  name: "Parcels",
  entry_node_id: "ask",
  context_variables: [{ name: "parcel", type: "string" }],
  nodes: [
    { id: "ask", type: "agent", instructions: "Ask.", required_writes: ["parcel"] },
    { id: "person", type: "handoff", static_text: "One moment." },
  ],
  edges: [{ from: "ask", to: "person", condition: 'parcel == "7"' }],
  mock_world: { find: { output: {} } },
};
const TEXT = JSON.stringify(GRAPH);

/** The place at `|` in a text. */
function at(marked: string) {
  const position = marked.indexOf("|");
  const text = marked.replace("|", "");
  const place = placeAt(parse(text), text, position);
  if (!place) throw new Error("no place");
  return place;
}
const labels = (marked: string, graph: unknown = GRAPH) =>
  suggestions(schemas, graph, at(marked)).map((one) => one.label);

test("an object's missing fields are suggested, with their descriptions", () => {
  const found = suggestions(schemas, { name: "x" }, at('{"name": "x", "|"}'));
  expect(found.map((one) => one.label)).toContain("entry_node_id");
  expect(found.map((one) => one.label)).not.toContain("name");
  expect(found.find((one) => one.label === "nodes")).toMatchObject({
    detail: "Required. Nodes of the graph.",
    insert: '"nodes": []',
  });
});

test("a node has the fields of its type", () => {
  const graph = { nodes: [{ type: "handoff", "": 1 }] };
  const found = labels('{"nodes": [{"type": "handoff", "|"}]}', graph);
  expect(found).toContain("static_text");
  expect(found).not.toContain("instructions");
});

test("values of a choice are suggested", () => {
  expect(labels('{"nodes": [{"type": "|"}]}', { nodes: [{}] })).toEqual([
    "agent",
    "action",
    "handoff",
    "approval",
  ]);
  expect(labels('{"context_variables": [{"source": |}]}', { context_variables: [{}] })).toEqual([
    "derived",
    "system",
  ]);
});

test("names of nodes, variables and tools are suggested where they belong", () => {
  expect(labels('{"edges": [{"from": "|"}]}')).toEqual(["ask", "person"]);
  expect(labels('{"nodes": [{"required_writes": ["|"]}]}')).toEqual(["parcel"]);
  expect(labels('{"nodes": [{"steps": [{"tool": "|"}]}]}')).toEqual(["find"]);
});

test("words of an expression are the variables", () => {
  const place = at('{"edges": [{"condition": "par|"}]}');
  expect(place.isInString).toBe(true);
  expect(expressionWords(GRAPH, place.path)).toEqual(["parcel"]);
  expect(expressionWords(GRAPH, ["nodes", 0, "instructions"])).toEqual([]);
});

test("a field is described", () => {
  expect(describePlace(schemas, GRAPH, at('{"entry_no|de_id": "ask"}'))).toBe(
    "Node that sessions start at.",
  );
});

test("a path has a range, or that of the nearest value around it", () => {
  const tree = parse(TEXT);
  const edge = rangeOf(tree, TEXT, ["edges", 0, "to"]);
  expect(TEXT.slice(edge.from, edge.to)).toBe('"to":"person"');
  const node = rangeOf(tree, TEXT, ["nodes", 1, "missing"]);
  expect(JSON.parse(TEXT.slice(node.from, node.to))).toEqual(GRAPH.nodes[1]);
});

test("a text without defaults has the same meaning", () => {
  const whole = {
    ...GRAPH,
    persona: null,
    edges: [{ ...GRAPH.edges[0], priority: 0, is_failure_path: false }],
    nodes: [{ ...GRAPH.nodes[0], name: null, writes: [], tools: [] }, GRAPH.nodes[1]],
  };
  expect(withoutDefaults(schemas, whole)).toEqual(GRAPH);
});

test("a printed graph is the same graph, with its edges on a line each", () => {
  const text = printJson(GRAPH);
  expect(parseJson(text)).toEqual({ value: GRAPH });
  expect(text).toContain('\n  "edges": [{"from": "ask"');
});

test("what can be read of an incomplete text is read", () => {
  const read = (text: string) => looseValue(parse(text), text);
  expect(read(TEXT)).toEqual(GRAPH);
  expect(read('{"name": "x", "nodes": [{"id": "a", "ty"}, {"id": "b"}')).toMatchObject({
    name: "x",
    nodes: [{ id: "a" }, { id: "b" }],
  });
  expect(read("")).toBeUndefined();
});

test("places in an incomplete text are found", () => {
  for (let end = 0; end < TEXT.length; end += 1) {
    const text = TEXT.slice(0, end);
    placeAt(parse(text), text, end);
    rangeOf(parse(text), text, ["nodes", 0, "id"]);
  }
});
