/** Places in a JSON text: the path at a position, and the range of a path. */
import { jsonLanguage } from "@codemirror/lang-json";
import type { SyntaxNode, Tree } from "@lezer/common";
import { parseJson } from "./graph_text";
import type { Path } from "./schema";

export type Range = { from: number; to: number };
export type Place = {
  /** Path of the value or of the property that the position is at. */
  path: (string | number)[];
  kind: "key" | "value";
  /** Range of the text that a completion replaces. */
  range: Range;
  isInString: boolean;
};

export const parse = (text: string): Tree => jsonLanguage.parser.parse(text);

const VALUES = new Set(["Object", "Array", "String", "Number", "True", "False", "Null"]);

/** The place at a position, in a text that need not be complete. */
export function placeAt(tree: Tree, text: string, position: number): Place | null {
  const node = tree.resolveInner(position, -1);
  const range = { from: node.from, to: node.to };
  if (node.name === "PropertyName" && position > node.from)
    return { path: pathOf(node, text), kind: "key", range, isInString: true };
  if (VALUES.has(node.name) && node.name !== "Object" && node.name !== "Array")
    return { path: pathOf(node, text), kind: "value", range, isInString: node.name === "String" };
  const at = { from: position, to: position };
  const holder = holderOf(node);
  if (!holder) return null;
  if (holder.name === "Property" && isBehindColon(holder, text, position))
    return { path: pathOf(holder, text), kind: "value", range: at, isInString: false };
  if (holder.name === "Array")
    return {
      path: [...pathOf(holder, text), elements(holder, position)],
      kind: "value",
      range: at,
      isInString: false,
    };
  const object = holder.name === "Object" ? holder : holder.parent;
  if (!object) return null;
  return { path: [...pathOf(object, text), ""], kind: "key", range: at, isInString: false };
}

function holderOf(node: SyntaxNode): SyntaxNode | null {
  for (let one: SyntaxNode | null = node; one; one = one.parent)
    if (["Property", "Object", "Array"].includes(one.name)) return one;
  return null;
}

function isBehindColon(property: SyntaxNode, text: string, position: number): boolean {
  const name = property.getChild("PropertyName");
  return name !== null && text.slice(name.to, position).includes(":");
}

function elements(array: SyntaxNode, before: number): number {
  return children(array).filter((one) => one.to <= before).length;
}

const children = (node: SyntaxNode): SyntaxNode[] => {
  const found: SyntaxNode[] = [];
  for (let one = node.firstChild; one; one = one.nextSibling)
    if (VALUES.has(one.name)) found.push(one);
  return found;
};

/** The path of a value, of a property, or of a property's name. */
function pathOf(node: SyntaxNode, text: string): (string | number)[] {
  const path: (string | number)[] = [];
  for (let one: SyntaxNode | null = node; one?.parent; one = one.parent) {
    if (one.name === "Property") path.unshift(nameOf(one, text));
    if (one.parent.name === "Array" && VALUES.has(one.name))
      path.unshift(elements(one.parent, one.from));
  }
  return path;
}

function nameOf(property: SyntaxNode, text: string): string {
  const name = property.getChild("PropertyName");
  return name ? unquoted(text.slice(name.from, name.to)) : "";
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.replace(/^"|"$/g, "");
  }
}

/** The range of the value at a path, or of the nearest one around it. */
export function rangeOf(tree: Tree, text: string, path: Path): Range {
  let node: SyntaxNode | null = children(tree.topNode)[0] ?? null;
  let found = { from: 0, to: Math.min(text.length, 1) };
  for (const step of path) {
    if (!node) break;
    const next: SyntaxNode | undefined =
      typeof step === "number"
        ? children(node)[step]
        : node.getChildren("Property").find((one) => nameOf(one, text) === step);
    if (!next) break;
    found = { from: next.from, to: next.to };
    node = next.name === "Property" ? (children(next)[0] ?? null) : next;
  }
  return found;
}

/** The value of a text that need not be complete: what cannot be read is left out. */
export function looseValue(tree: Tree, text: string): unknown {
  const read = (node: SyntaxNode | null | undefined): unknown => {
    if (!node) return undefined;
    if (node.name === "Array") return children(node).map(read);
    if (node.name === "Object")
      return Object.fromEntries(
        node
          .getChildren("Property")
          .map((one) => [nameOf(one, text), read(children(one)[0])] as const),
      );
    const content = parseJson(text.slice(node.from, node.to));
    return "value" in content ? content.value : undefined;
  };
  return read(children(tree.topNode)[0]);
}
