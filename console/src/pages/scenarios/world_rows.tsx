import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { duration } from "@/ui/format";
import { Menu } from "@/ui/menu";
import { placeOfCall } from "./alignment";
import { Place, SourceButton } from "./links";
import { Marked } from "./marked";
import type { Needle } from "./marks";
import type { Answer, WorldCall, WorldTool } from "./world";

/** Characters of arguments and answers in a row; the dialog has all. */
const SHOWN = 240;

type Props = {
  tool: WorldTool;
  needles: readonly Needle[];
  onEditTool: () => void;
  onAddCall: () => void;
  onEditCall: (call: WorldCall) => void;
  onMoveCall: (index: number, by: 1 | -1) => void;
  onRemoveCall: (call: WorldCall) => void;
  onRemoveTool: () => void;
};

/** The rows of one tool: what it answers by itself, then its calls. */
export function ToolRows(props: Props) {
  const { tool, needles, onEditTool, onAddCall, onRemoveTool } = props;
  const { name, calls } = tool;
  return (
    <tbody>
      <tr className="world-tool">
        <th scope="rowgroup">
          <code dir="auto">
            <Marked text={name} needles={needles} />
          </code>
        </th>
        <td>
          {calls === null ? (
            <Badge tone="info">Any arguments</Badge>
          ) : (
            <span className="muted small">
              {calls.length === 0 ? "No calls: it answers nothing" : "Other arguments: an error"}
            </span>
          )}
        </td>
        <td>
          {calls === null ? (
            <AnswerText answer={tool.answer} delayMs={tool.delayMs} needles={needles} />
          ) : (
            <span className="muted small">By call</span>
          )}
        </td>
        <td>
          <Menu
            label={<MenuLabel text={`Actions of the tool ${name}`} />}
            entries={[
              { text: "Add a call", onSelect: onAddCall },
              { text: "Edit the tool", onSelect: onEditTool },
              { text: "Remove the tool", isDanger: true, onSelect: onRemoveTool },
            ]}
          />
        </td>
      </tr>
      {calls?.map((call, index) => (
        <CallRow key={call.id} {...props} call={call} index={index} />
      ))}
    </tbody>
  );
}

function CallRow(props: Props & { call: WorldCall; index: number }) {
  const { tool, call, index, needles, onEditCall, onMoveCall, onRemoveCall } = props;
  const name = `call ${index + 1} of ${tool.name}`;
  const place = placeOfCall(call.id);
  return (
    <tr>
      <th scope="row" className="number">
        {index + 1}
      </th>
      <td>
        <Place place={place}>
          {call.args === null ? (
            <Badge tone="info">Any arguments</Badge>
          ) : (
            <Json text={call.args} needles={needles} />
          )}
        </Place>
      </td>
      <td>
        <Place place={place}>
          <AnswerText answer={call.answer} delayMs={call.delayMs} needles={needles} />
        </Place>
      </td>
      <td>
        <div className="row world-actions">
          <Button compact aria-label={`Edit ${name}`} onClick={() => onEditCall(call)}>
            Edit
          </Button>
          <SourceButton place={place} name={name} />
          <Menu
            label={<MenuLabel text={`Further actions of ${name}`} />}
            entries={[
              { text: "Move up", isDisabled: index === 0, onSelect: () => onMoveCall(index, -1) },
              {
                text: "Move down",
                isDisabled: index + 1 >= (tool.calls?.length ?? 0),
                onSelect: () => onMoveCall(index, 1),
              },
              { text: "Remove the call", isDanger: true, onSelect: () => onRemoveCall(call) },
            ]}
          />
        </div>
      </td>
    </tr>
  );
}

function MenuLabel({ text }: { text: string }) {
  return (
    <>
      <span aria-hidden="true">⋯</span>
      <span className="visually-hidden">{text}</span>
    </>
  );
}

type AnswerProps = { answer: Answer; delayMs: number | null; needles: readonly Needle[] };

function AnswerText({ answer, delayMs, needles }: AnswerProps) {
  return (
    <>
      {answer.kind === "tool" && <span className="muted small">The answer of the tool</span>}
      {answer.kind === "error" && <Badge tone="bad">Error</Badge>}
      {answer.kind !== "tool" && <Json text={answer.json} needles={needles} />}
      {delayMs !== null && <span className="muted small numbers">after {duration(delayMs)}</span>}
    </>
  );
}

/** JSON on as few lines as fit; a long one is cut. */
function Json({ text, needles }: { text: string; needles: readonly Needle[] }) {
  const line = compact(text);
  return (
    <code className="world-json" dir="ltr">
      <Marked text={line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line} needles={needles} />
    </code>
  );
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 1).replace(/\n\s*/g, " ");
  } catch {
    return text;
  }
}
