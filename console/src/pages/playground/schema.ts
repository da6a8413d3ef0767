/** The part of JSON Schema that openapi.json describes graphs by. */
import { isFields } from "@/transcript/parts";

export type JsonSchema = {
  $ref?: string;
  type?: string;
  description?: string;
  default?: unknown;
  const?: string;
  enum?: string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
};
export type Schemas = Readonly<Record<string, JsonSchema>>;
export type Path = readonly (string | number)[];

/** Name of the schema of a whole graph. */
const ROOT = "ConversationGraph";

/** The alternatives of a schema, without references. */
export function alternatives(schemas: Schemas, schema: JsonSchema | undefined): JsonSchema[] {
  if (!schema) return [];
  if (schema.$ref) {
    const found = schemas[schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)];
    return alternatives(schemas, found);
  }
  const choices = schema.anyOf ?? schema.oneOf;
  return choices ? choices.flatMap((one) => alternatives(schemas, one)) : [schema];
}

/** The alternatives that fit a value: the object of a node fits those of its `type` only. */
function fitting(schemas: Schemas, schema: JsonSchema | undefined, value: unknown): JsonSchema[] {
  const all = alternatives(schemas, schema);
  if (!isFields(value)) return all;
  const objects = all.filter((one) => one.type === "object");
  const typed = objects.filter((one) => {
    const constant = one.properties?.type?.const;
    return constant !== undefined && constant === value.type;
  });
  return typed.length > 0 ? typed : objects;
}

/** The schemas that a place of a graph may have; none if it is unknown. */
export function schemasAt(schemas: Schemas, graph: unknown, path: Path): JsonSchema[] {
  let found: JsonSchema[] = fitting(schemas, schemas[ROOT], graph);
  let value = graph;
  for (const step of path) {
    const next = found.flatMap((one) => childOf(one, step));
    value = Array.isArray(value)
      ? value[Number(step)]
      : isFields(value)
        ? value[String(step)]
        : undefined;
    found = next.flatMap((one) => fitting(schemas, one, value));
  }
  return found;
}

function childOf(schema: JsonSchema, step: string | number): JsonSchema[] {
  if (typeof step === "number") return schema.items ? [schema.items] : [];
  const property = schema.properties?.[step];
  if (property) return [property];
  const more = schema.additionalProperties;
  return typeof more === "object" ? [more] : [];
}

/** The declaration of an object's property, with its description. */
export function declarationAt(
  schemas: Schemas,
  graph: unknown,
  path: Path,
): JsonSchema | undefined {
  const name = path.at(-1);
  return schemasAt(schemas, graph, path.slice(0, -1)).flatMap((one) =>
    name === undefined ? [] : childOf(one, name),
  )[0];
}

/** A graph without the fields that have their defaults: shorter, and with the same meaning. */
export function withoutDefaults(schemas: Schemas, graph: unknown, path: Path = []): unknown {
  const visit = (value: unknown, at: Path): unknown => {
    if (Array.isArray(value)) return value.map((one, index) => visit(one, [...at, index]));
    if (!isFields(value)) return value;
    const [schema] = schemasAt(schemas, graph, at);
    if (!schema?.properties) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, one]) => !isDefault(schema, name, one))
        .map(([name, one]) => [name, visit(one, [...at, name])]),
    );
  };
  return visit(graph, path);
}

function isDefault(schema: JsonSchema, name: string, value: unknown): boolean {
  if (schema.required?.includes(name)) return false;
  const declared = schema.properties?.[name];
  if (declared === undefined) return false;
  const standard = "default" in declared ? declared.default : null;
  return JSON.stringify(value) === JSON.stringify(standard);
}
