import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const NAME = "virtual:graph-schema";
const OPENAPI = new URL("../shared/http/openapi.json", import.meta.url);
const REFERENCE = "#/components/schemas/";

type Schemas = Record<string, unknown>;

/**
 * `import schemas from "virtual:graph-schema"`: the schemas of a graph from openapi.json, for the
 * editor's help. The whole document is 30 times as large.
 */
export function graphSchema(): Plugin {
  return {
    name: "graph-schema",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) return null;
      const document = JSON.parse(readFileSync(OPENAPI, "utf8"));
      const found = {};
      collect("ConversationGraph", document.components.schemas, found);
      return `export default ${JSON.stringify(found)}`;
    },
  };
}

function collect(name: string, all: Schemas, found: Schemas): void {
  if (name in found) return;
  found[name] = all[name];
  for (const [, other] of JSON.stringify(all[name]).matchAll(/"\$ref":"([^"]+)"/g))
    if (other?.startsWith(REFERENCE)) collect(other.slice(REFERENCE.length), all, found);
}
