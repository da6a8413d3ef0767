import type { Diagnostic } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { createEditor, replaceText, reveal, showDiagnostics } from "./editor";
import { pathOfFinding } from "./finding_places";
import type { Finding } from "./findings";
import { parse, rangeOf } from "./json_places";
import type { Path } from "./schema";

export type EditorHandle = {
  /** Show the value at a path. */
  show: (path: Path) => void;
  replace: (text: string) => void;
};

type Props = {
  label: string;
  /** The text at the beginning; later texts come from the user or from `replace`. */
  text: string;
  isReadOnly: boolean;
  onChange: (text: string) => void;
  graph: unknown;
  findings: readonly Finding[];
  handle: Ref<EditorHandle>;
};

const SEVERITIES = { error: "error", warning: "warning", suggestion: "info" } as const;

/** The editor of a graph's text; findings are shown at the fields that they name. */
export default function JsonEditor(props: Props) {
  const { label, text, isReadOnly, onChange, graph, findings, handle } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  // The editor outlives a render: it reads what is current.
  const current = useRef({ onChange, text });
  current.current = { onChange, text };

  useEffect(() => {
    if (!host.current) return;
    view.current = createEditor(host.current, {
      label,
      text: current.current.text,
      isReadOnly,
      onChange: (changed) => current.current.onChange(changed),
    });
    return () => view.current?.destroy();
  }, [label, isReadOnly]);

  useEffect(() => {
    if (view.current) showDiagnostics(view.current, diagnosticsOf(view.current, findings, graph));
  }, [findings, graph]);

  useImperativeHandle(handle, () => ({
    show: (path) => {
      if (!view.current) return;
      const content = view.current.state.doc.toString();
      reveal(view.current, rangeOf(parse(content), content, path).from);
    },
    replace: (changed) => {
      if (view.current) replaceText(view.current, changed);
    },
  }));

  return <div ref={host} className="json-editor" />;
}

function diagnosticsOf(
  view: EditorView,
  findings: readonly Finding[],
  graph: unknown,
): Diagnostic[] {
  const content = view.state.doc.toString();
  const tree = parse(content);
  return findings.map((finding) => {
    const { from, to } = rangeOf(tree, content, pathOfFinding(finding, graph));
    // A long range would underline a whole node.
    const end = Math.min(to, view.state.doc.lineAt(from).to);
    const fix = finding.suggested_fix ? ` ${finding.suggested_fix}` : "";
    return {
      from,
      to: Math.max(end, Math.min(from + 1, content.length)),
      severity: SEVERITIES[finding.severity],
      source: finding.rule_id,
      message: finding.message + fix,
    };
  });
}
