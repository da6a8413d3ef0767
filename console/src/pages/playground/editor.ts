/** CodeMirror for the text of a graph, in a shadow root. */

import schemas from "virtual:graph-schema";
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  syntaxHighlighting,
  syntaxTree,
} from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { describe, expressionWords, suggestions } from "./graph_help";
import { looseValue, placeAt } from "./json_places";

export type EditorOptions = {
  label: string;
  text: string;
  isReadOnly: boolean;
  onChange: (text: string) => void;
};

const THEME = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--ground)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "0.8125rem", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": {
    backgroundColor: "var(--raised)",
    color: "var(--muted)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--raised)" },
  "& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground":
    { backgroundColor: "var(--accent-soft)" },
  ".cm-tooltip": {
    maxWidth: "28rem",
    border: "1px solid var(--line-strong)",
    backgroundColor: "var(--ground)",
    color: "var(--text)",
  },
  ".cm-help": { padding: "0.3rem 0.6rem", font: "0.8125rem/1.5 var(--sans)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent-ground)",
    color: "var(--on-accent)",
  },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal" },
  ".cm-diagnostic": { font: "0.8125rem/1.5 var(--sans)", overflowWrap: "anywhere" },
});

const COLORS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--info)" },
  { tag: tags.string, color: "var(--ok)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--accent)" },
]);

/** Create an editor in `host`; the caller destroys it. */
export function createEditor(host: HTMLElement, options: EditorOptions): EditorView {
  // The Content-Security-Policy allows no style element: in a shadow root the styles of CodeMirror
  // are adopted style sheets.
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  return new EditorView({
    parent: root,
    root,
    state: EditorState.create({ doc: options.text, extensions: extensions(options) }),
  });
}

function extensions({ label, isReadOnly, onChange }: EditorOptions) {
  return [
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    history(),
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    json(),
    syntaxHighlighting(COLORS),
    autocompletion({ override: [complete], icons: false }),
    hoverTooltip(help),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
    ]),
    EditorView.lineWrapping,
    EditorState.readOnly.of(isReadOnly),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
    THEME,
  ];
}

function complete(context: CompletionContext): CompletionResult | null {
  const { state, pos, explicit } = context;
  const text = state.doc.toString();
  const place = placeAt(syntaxTree(state), text, pos);
  if (!place) return null;
  const graph = looseValue(syntaxTree(state), text);
  const words = place.kind === "value" && place.isInString && expressionWords(graph, place.path);
  if (words && words.length > 0) {
    const word = context.matchBefore(/\w*/);
    if (!word || (word.from === word.to && !explicit)) return null;
    return { from: word.from, options: words.map((label) => ({ label, type: "variable" })) };
  }
  if (!explicit && !place.isInString && !context.matchBefore(/["\w]/)) return null;
  const found = suggestions(schemas, graph, place);
  if (found.length === 0) return null;
  const { from, to } = place.range;
  // The value of an existing property stays.
  const hasValue = place.kind === "key" && /^\s*:/.test(state.sliceDoc(to, to + 20));
  const options = found.map(({ label, detail, insert }) => ({
    label: JSON.stringify(label),
    displayLabel: label,
    info: detail || undefined,
    apply: hasValue ? JSON.stringify(label) : insert,
  }));
  return { from, to, options: options as CompletionResult["options"] };
}

function help(view: EditorView, position: number) {
  const content = view.state.doc.toString();
  const tree = syntaxTree(view.state);
  const place = placeAt(tree, content, position);
  if (place?.kind !== "key") return null;
  const text = describe(schemas, looseValue(tree, content), place);
  if (!text) return null;
  return {
    pos: place.range.from,
    end: place.range.to,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "cm-help";
      dom.textContent = text;
      return { dom };
    },
  };
}

/** Show faults in the text. */
export function showDiagnostics(view: EditorView, diagnostics: readonly Diagnostic[]): void {
  const end = view.state.doc.length;
  const inside = diagnostics.map((one) => ({
    ...one,
    from: Math.min(one.from, end),
    to: Math.min(one.to, end),
  }));
  view.dispatch(setDiagnostics(view.state, inside));
}

/** Move the cursor to a range and show it. */
export function reveal(view: EditorView, from: number): void {
  const position = Math.min(from, view.state.doc.length);
  view.dispatch({
    selection: { anchor: position },
    effects: EditorView.scrollIntoView(position, { y: "start", yMargin: 30 }),
  });
}

/** Replace the whole text; undo brings the former one back. */
export function replaceText(view: EditorView, text: string): void {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}
