/** Help with the text of a graph: completions and descriptions, from its schema and its names. */
import type { Place } from "./json_places";
import { alternatives, declarationAt, type JsonSchema, type Schemas, schemasAt } from "./schema";

export type Suggestion = { label: string; detail: string; insert: string };

type Names = { nodes: string[]; variables: string[]; tools: string[] };

/** Fields whose value names a node, a variable or a tool. */
const NODE_FIELDS = new Set(["entry_node_id", "from", "to", "on_approve", "on_deny"]);
const VARIABLE_LISTS = new Set(["required_writes", "writes"]);
const EXPRESSIONS = new Set(["condition", "done_when"]);

/** The suggestions at a place; `graph` is what can be read of the text. */
export function suggestions(schemas: Schemas, graph: unknown, place: Place): Suggestion[] {
  return place.kind === "key"
    ? propertySuggestions(schemas, graph, place)
    : valueSuggestions(schemas, graph, place);
}

function propertySuggestions(schemas: Schemas, graph: unknown, { path }: Place): Suggestion[] {
  const parent = path.slice(0, -1);
  const owner = parent.at(-1);
  const names = namesOf(graph);
  if (owner === "output_bindings") return names.variables.map((name) => plain(name, ': ""'));
  if (owner === "mock_world") return names.tools.map((name) => plain(name, ': {"output": {}}'));
  const present = new Set(Object.keys(Object(valueAt(graph, parent)) as object));
  const found = new Map<string, Suggestion>();
  for (const schema of schemasAt(schemas, graph, parent))
    for (const [name, declared] of Object.entries(schema.properties ?? {}))
      if (!found.has(name) && (!present.has(name) || name === path.at(-1)))
        found.set(name, {
          label: name,
          detail: descriptionOf(declared, schema.required?.includes(name) ?? false),
          insert: `${JSON.stringify(name)}: ${beginning(schemas, declared)}`,
        });
  return [...found.values()];
}

function valueSuggestions(schemas: Schemas, graph: unknown, { path }: Place): Suggestion[] {
  const names = namesOf(graph);
  const field = String(path.findLast((step) => typeof step === "string") ?? "");
  if (NODE_FIELDS.has(field)) return names.nodes.map(quoted("Node"));
  if (VARIABLE_LISTS.has(field)) return names.variables.map(quoted("Variable"));
  if (field === "tool" || field === "slug") return names.tools.map(quoted("Tool"));
  return schemasAt(schemas, graph, path).flatMap(valuesOf);
}

/** The names of variables, for the words of an expression; none elsewhere. */
export function expressionWords(graph: unknown, path: Place["path"]): string[] {
  const isExpression = EXPRESSIONS.has(String(path.at(-1))) || path.at(-2) === "input";
  return isExpression ? namesOf(graph).variables : [];
}

/** The description of the property at a place. */
export function describe(schemas: Schemas, graph: unknown, place: Place): string {
  const declared = declarationAt(schemas, graph, place.path);
  return declared?.description ?? "";
}

function valuesOf(schema: JsonSchema): Suggestion[] {
  if (schema.const !== undefined) return [quoted("")(schema.const)];
  if (schema.enum) return schema.enum.map(quoted(""));
  if (schema.type === "boolean") return ["true", "false"].map((word) => bare(word));
  if (schema.type === "null") return [bare("null")];
  return [];
}

const plain = (label: string, rest: string): Suggestion => ({
  label,
  detail: "",
  insert: JSON.stringify(label) + rest,
});
const bare = (word: string): Suggestion => ({ label: word, detail: "", insert: word });
const quoted =
  (detail: string) =>
  (label: string): Suggestion => ({ label, detail, insert: JSON.stringify(label) });

/** The beginning of a property's value. */
function beginning(schemas: Schemas, declared: JsonSchema): string {
  const [schema] = alternatives(schemas, declared);
  if (schema?.const !== undefined) return JSON.stringify(schema.const);
  const texts: Record<string, string> = { string: '""', array: "[]", object: "{}" };
  return texts[schema?.type ?? ""] ?? "";
}

function descriptionOf(declared: JsonSchema, isRequired: boolean): string {
  return `${isRequired ? "Required. " : ""}${declared.description ?? ""}`;
}

function valueAt(graph: unknown, path: Place["path"]): unknown {
  let value = graph;
  for (const step of path) value = (value as Record<string, unknown> | null | undefined)?.[step];
  return value;
}

function namesOf(graph: unknown): Names {
  const fields = (list: string, field: string) => {
    const all = valueAt(graph, [list]);
    if (!Array.isArray(all)) return [];
    return all.map((one) => one?.[field]).filter((one) => typeof one === "string" && one !== "");
  };
  const world = valueAt(graph, ["mock_world"]);
  return {
    nodes: fields("nodes", "id"),
    variables: fields("context_variables", "name"),
    tools: typeof world === "object" && world !== null ? Object.keys(world) : [],
  };
}
