/** Schemas of graphs by name, from openapi.json: see graph_schema.ts beside vite.config.ts. */
declare module "virtual:graph-schema" {
  const schemas: Record<string, import("./schema").JsonSchema>;
  export default schemas;
}
