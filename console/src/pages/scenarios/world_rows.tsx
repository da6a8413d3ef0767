import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { duration } from "@/ui/format";
import { Menu } from "@/ui/menu";
import { placeOfCall } from "./alignment";
import { Place, useLinks } from "./links";
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
  const { tool, needles } = props;
  const { calls } = tool;
  return (
    <tbody>
      <ToolRow {...props} />
      {calls === null && (
        <tr>
          <td />
          <td>
            <Badge tone="info">Any arguments</Badge>
          </td>
          <td colSpan={2}>
            <AnswerText answer={tool.answer} delayMs={tool.delayMs} needles={needles} />
          </td>
        </tr>
      )}
      {calls?.map((call, index) => (
        <CallRow key={call.id} {...props} call={call} index={index} />
      ))}
    </tbody>
  );
}

function ToolRow({ tool, needles, onEditTool, onAddCall, onRemoveTool }: Props) {
  const { name, calls } = tool;
  return (
    <tr className="world-tool">
      <th scope="rowgroup" colSpan={3}>
        <Place place={placeOfCall(tool.id)} className="row">
          <code dir="auto">
            <Marked text={name} needles={needles} />
          </code>
          <span className="muted small world-note">{noteOf(calls)}</span>
        </Place>
      </th>
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
  );
}

function noteOf(calls: readonly WorldCall[] | null): string {
  if (calls === null) return "";
  if (calls.length === 0) return "No calls: it answers nothing";
  if (calls.some((call) => call.args === null)) return "";
  return "Any other arguments: an error";
}

function CallRow(props: Props & { call: WorldCall; index: number }) {
  const { tool, call, index, needles } = props;
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
        <CallActions {...props} name={`call ${index + 1} of ${tool.name}`} place={place} />
      </td>
    </tr>
  );
}

type ActionProps = Props & { call: WorldCall; index: number; name: string; place: string };

function CallActions(props: ActionProps) {
  const { tool, call, index, name, place, onEditCall, onMoveCall, onRemoveCall } = props;
  const { hasSource, showEntryOf } = useLinks();
  return (
    <div className="row world-actions">
      <Button compact aria-label={`Edit ${name}`} onClick={() => onEditCall(call)}>
        Edit
      </Button>
      <Menu
        label={<MenuLabel text={`Further actions of ${name}`} />}
        entries={[
          ...(hasSource(place)
            ? [{ text: "Show the source", onSelect: () => showEntryOf(place) }]
            : []),
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
