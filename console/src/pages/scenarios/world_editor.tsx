import { memo, useState } from "react";
import { Button } from "@/ui/button";
import { count } from "@/ui/format";
import { CallDialog } from "./call_dialog";
import type { EditorProps } from "./editor";
import { ToolDialog } from "./tool_dialog";
import { moved, newId, rowCount, type WorldCall, type WorldTool } from "./world";
import { ToolRows } from "./world_rows";

/** Rows that are shown until all are asked for. */
const SHOWN = 40;

type Editing = { tool: WorldTool; call?: WorldCall; isNew: boolean };

type Props = Pick<EditorProps, "onChange" | "needles"> & {
  tools: readonly WorldTool[];
  fault: string | undefined;
};

/** The mock world as a table of calls: what the tools answer, and to which arguments. */
export const WorldEditor = memo(({ tools, onChange, fault, needles }: Props) => {
  const [editing, setEditing] = useState<Editing | null>(null);
  const [isWhole, setWhole] = useState(false);
  const set = (changed: WorldTool[]) => onChange({ tools: changed });
  const put = (tool: WorldTool) =>
    set(
      tools.some((one) => one.id === tool.id)
        ? tools.map((one) => (one.id === tool.id ? tool : one))
        : [...tools, tool],
    );
  const rows = rowCount(tools);
  const shown = isWhole ? tools : firstRows(tools, SHOWN);
  return (
    <section className="stack editor-section" aria-labelledby="world-heading">
      <h2 id="world-heading">Mock world</h2>
      <p className="muted small">
        Recorded answers of the tools. Equal calls get their answers in the recorded order. A call
        that matches none fails, unless a replay or run asks for the nearest or the last answer.
      </p>
      {tools.length === 0 ? (
        <p>No tools: every call fails.</p>
      ) : (
        <WorldTable>
          {shown.map((tool) => (
            <ToolRows
              key={tool.id}
              tool={tool}
              needles={needles}
              onEditTool={() => setEditing({ tool: whole(tools, tool), isNew: false })}
              onAddCall={() =>
                setEditing({ tool: whole(tools, tool), call: emptyCall(), isNew: true })
              }
              onEditCall={(call) => setEditing({ tool: whole(tools, tool), call, isNew: false })}
              onMoveCall={(index, by) => put(withMoved(whole(tools, tool), index, by))}
              onRemoveCall={(call) => put(withoutCall(whole(tools, tool), call))}
              onRemoveTool={() => set(tools.filter((one) => one.id !== tool.id))}
            />
          ))}
        </WorldTable>
      )}
      {fault && (
        <p className="fault small" role="alert">
          {fault}
        </p>
      )}
      <div className="row">
        {rows > SHOWN && (
          <Button aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? "Show the first calls" : `Show all ${count(rows)} calls`}
          </Button>
        )}
        <Button onClick={() => setEditing({ tool: emptyTool(), isNew: true })}>Add a tool</Button>
      </div>
      {editing && (
        <EditDialog
          {...editing}
          tools={tools}
          onClose={() => setEditing(null)}
          onSave={(tool) => {
            put(tool);
            setEditing(null);
          }}
        />
      )}
    </section>
  );
});

function WorldTable({ children }: { children: React.ReactNode }) {
  return (
    <div className="table-frame" role="region" aria-label="Calls of the mock world" tabIndex={0}>
      <table className="table world-table">
        <thead>
          <tr>
            <th scope="col">Order</th>
            <th scope="col">Arguments that match</th>
            <th scope="col">Response</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}

type DialogProps = Editing & {
  tools: readonly WorldTool[];
  onClose: () => void;
  onSave: (tool: WorldTool) => void;
};

function EditDialog({ tool, call, isNew, tools, onClose, onSave }: DialogProps) {
  if (!call)
    return <ToolDialog tool={tool} isNew={isNew} tools={tools} onClose={onClose} onSave={onSave} />;
  return (
    <CallDialog
      toolName={tool.name}
      call={call}
      isNew={isNew}
      onClose={onClose}
      onSave={(changed) => onSave(withCall(tool, changed))}
    />
  );
}

const whole = (tools: readonly WorldTool[], part: WorldTool) =>
  tools.find((one) => one.id === part.id) ?? part;

function firstRows(tools: readonly WorldTool[], most: number): WorldTool[] {
  let room = most;
  return tools.flatMap((tool) => {
    if (room <= 0) return [];
    const shown = { ...tool, calls: tool.calls?.slice(0, room) ?? null };
    room -= tool.calls?.length ?? 1;
    return [shown];
  });
}

const withMoved = (tool: WorldTool, index: number, by: 1 | -1) => ({
  ...tool,
  calls: moved(tool.calls ?? [], index, by),
});

const withoutCall = (tool: WorldTool, call: WorldCall) => ({
  ...tool,
  calls: (tool.calls ?? []).filter((one) => one.id !== call.id),
});

function withCall(tool: WorldTool, call: WorldCall): WorldTool {
  const calls = tool.calls ?? [];
  const isKnown = calls.some((one) => one.id === call.id);
  return {
    ...tool,
    calls: isKnown ? calls.map((one) => (one.id === call.id ? call : one)) : [...calls, call],
  };
}

const emptyCall = (): WorldCall => ({
  id: newId("call"),
  args: "{}",
  answer: { kind: "output", json: "{}" },
  delayMs: null,
  rest: {},
});

const emptyTool = (): WorldTool => ({
  id: newId("tool"),
  name: "",
  answer: { kind: "output", json: "{}" },
  delayMs: null,
  calls: null,
  rest: {},
});
