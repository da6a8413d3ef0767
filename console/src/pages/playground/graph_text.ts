/** A graph as text that people edit. */

/** Characters of a value that stays on one line. */
const LINE = 96;

/** JSON with short values on one line: an edge, a variable, a list of names. */
export function printJson(value: unknown, indent = ""): string {
  const line = onOneLine(value);
  if (line.length + indent.length <= LINE || typeof value !== "object" || value === null)
    return line;
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((one) => printJson(one, inner))
    : Object.entries(value).map(
        ([name, one]) => `${JSON.stringify(name)}: ${printJson(one, inner)}`,
      );
  const [open, close] = isList ? "[]" : "{}";
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const parts = Object.entries(value).map(
    ([name, one]) => `${JSON.stringify(name)}: ${onOneLine(one)}`,
  );
  return parts.length > 0 ? `{${parts.join(", ")}}` : "{}";
}

/** Parse a text; the error names the line. */
export function parseJson(text: string): { value: unknown } | { error: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
