import { lazy, Suspense, useRef, useState } from "react";
import { useCaller, useMay } from "@/api/caller";
import { LeaveDialog } from "@/ui/leave_dialog";
import { Skeleton } from "@/ui/notices";
import { Tabs } from "@/ui/tabs";
import { DraftState } from "./draft_state";
import { pathOfFinding, pathOfNamed } from "./finding_places";
import { type Finding, placeOf } from "./findings";
import { FindingsList } from "./findings_list";
import { GraphView } from "./graph_view";
import type { EditorHandle } from "./json_editor";
import type { PanelProps } from "./revision_panel";
import type { StoredGraph } from "./revisions_data";
import { SaveActions } from "./save_actions";
import { StepsTable } from "./steps_table";
import { type Draft, useDraft } from "./use_draft";

const JsonEditor = lazy(() => import("./json_editor"));
const NONE: Finding[] = [];

type Props = PanelProps & { stored: StoredGraph; storedText: string };

/** The text of a graph, with a preview and the findings beside it. */
export function GraphEditor(props: Props) {
  const { revision, storedText } = props;
  const draft = useDraft(revision.id, storedText);
  const editor = useRef<EditorHandle>(null);
  const caller = useCaller();
  // Until it is known, what is written is kept.
  const mayWrite = useMay("write") || !caller;
  const [selected, setSelected] = useState<string>();
  const findings = draft.validation?.findings ?? NONE;

  function selectNode(id: string) {
    setSelected(id);
    editor.current?.show(pathOfNamed(draft.graph, "nodes", "id", id));
  }

  function selectFinding(_place: string, finding: Finding) {
    setSelected(placeOf(finding) ?? undefined);
    editor.current?.show(pathOfFinding(finding, draft.graph));
  }

  return (
    <section className="stack" aria-label="Graph">
      <SaveActions {...props} draft={draft} onReplace={(text) => editor.current?.replace(text)} />
      <div className="graph-editor">
        <div className="stack">
          <Suspense fallback={<Skeleton height="44rem" />}>
            <JsonEditor
              label="Graph as JSON"
              text={draft.text}
              isReadOnly={!mayWrite}
              onChange={draft.setText}
              graph={draft.graph}
              findings={findings}
              handle={editor}
            />
          </Suspense>
        </div>
        <Preview
          draft={draft}
          findings={findings}
          selected={selected}
          onNode={selectNode}
          onFinding={selectFinding}
        />
      </div>
      <LeaveDialog shouldAsk={() => draft.isChanged} parameters={["revision"]} />
    </section>
  );
}

function Preview({
  draft,
  findings,
  selected,
  onNode,
  onFinding,
}: {
  draft: Draft;
  findings: readonly Finding[];
  selected: string | undefined;
  onNode: (id: string) => void;
  onFinding: (place: string, finding: Finding) => void;
}) {
  const [tab, setTab] = useState("findings");
  return (
    <div className="graph-preview">
      <DraftState draft={draft} />
      {draft.drawing ? (
        <GraphView
          label="Preview of the graph"
          drawing={draft.drawing}
          findings={findings}
          selected={selected}
          onSelect={onNode}
        />
      ) : (
        <p className="muted">The text has no nodes to draw.</p>
      )}
      <div className="details panel">
        <Tabs
          label="Findings and steps"
          selected={tab}
          onSelect={setTab}
          tabs={[
            {
              id: "findings",
              title: `Findings (${findings.length})`,
              content: draft.validation ? (
                <FindingsList findings={findings} onSelect={onFinding} />
              ) : (
                <p className="muted">The findings are shown when the text is validated.</p>
              ),
            },
            {
              id: "steps",
              title: "Steps",
              content: draft.drawing && <StepsTable drawing={draft.drawing} onSelect={onNode} />,
            },
          ]}
        />
      </div>
    </div>
  );
}
