import { useDeferredValue, useMemo, useState } from "react";
import { AgentsField } from "./agents_field";
import { placeOfLine } from "./alignment";
import type { Content } from "./content";
import { CriteriaEditor } from "./criteria_editor";
import { useLinks } from "./links";
import { Legend } from "./marked";
import { MarkedArea } from "./marked_area";
import { countKinds, type Needle } from "./marks";
import { TagsField } from "./tags_field";
import { TurnsEditor } from "./turns_editor";
import { WorldEditor } from "./world_editor";

export type EditorProps = {
  content: Content;
  onChange: (change: Partial<Content>) => void;
  /** Faults by place: `name`, `user_turns.2`. */
  faults: Readonly<Record<string, string>>;
  /** Invented values, which are marked. */
  needles: readonly Needle[];
  isLocked?: boolean;
};

/** All fields of a scenario. */
export function ScenarioEditor(props: EditorProps) {
  const { content, onChange, faults, needles } = props;
  // All texts are searched: after the input has been shown.
  const shown = useDeferredValue(content);
  const counts = useMemo(() => countKinds(textsOf(shown), needles), [shown, needles]);
  return (
    <div className="stack scenario-editor">
      <Legend counts={counts} label="Replaced, by kind" />
      <fieldset className="stack plain-fieldset" disabled={props.isLocked}>
        <legend className="visually-hidden">Fields of the scenario</legend>
        <Texts {...props} />
        <TagsField
          tags={content.tags}
          fault={faults.tags}
          onChange={(tags) => onChange({ tags })}
        />
        <AgentsField
          agents={content.agents}
          fault={faults.agent_ids}
          onChange={(agents) => onChange({ agents })}
        />
        <CriteriaEditor {...props} />
        <TurnsEditor
          userTurns={content.userTurns}
          onChange={onChange}
          faults={faults}
          needles={needles}
        />
        <WorldEditor
          tools={content.tools}
          onChange={onChange}
          fault={faults.mock_world}
          needles={needles}
        />
      </fieldset>
    </div>
  );
}

function Texts({ content, onChange, faults, needles }: EditorProps) {
  return (
    <>
      <MarkedArea
        label="Name"
        place="name"
        value={content.name}
        onChange={(name) => onChange({ name })}
        needles={needles}
        fault={faults.name}
        maxLength={255}
        required
        isLine
      />
      <MarkedArea
        label="Goal of the user"
        place="intent"
        value={content.intent}
        onChange={(intent) => onChange({ intent })}
        needles={needles}
        hint="Up to 500 characters. A simulated user with a model pursues it."
        fault={faults.intent}
        maxLength={500}
        required
      />
      <Journey content={content} onChange={onChange} faults={faults} needles={needles} />
    </>
  );
}

/** The steps, one a line: the line of the cursor lights up its entry in the transcript. */
function Journey({ content, onChange, faults, needles }: EditorProps) {
  const { pointAtPlace } = useLinks();
  // The lines of a draft are known by their numbers, until one is added or removed.
  const [original] = useState(() => content.journey.split("\n").length);
  function point(position: number) {
    const lines = content.journey.split("\n").length;
    const line = content.journey.slice(0, position).split("\n").length - 1;
    if (lines === original) pointAtPlace(placeOfLine(line));
  }
  return (
    <MarkedArea
      label="Steps"
      place="journey"
      value={content.journey}
      onChange={(journey) => onChange({ journey })}
      needles={needles}
      hint="Course of the conversation, one step a line."
      fault={faults.journey}
      maxLength={20_000}
      onCursor={point}
    />
  );
}

function textsOf(content: Content): string[] {
  const answers = content.tools.flatMap((tool) => [
    tool.name,
    ...(tool.calls ?? [tool]).flatMap((call) => [
      "args" in call ? (call.args ?? "") : "",
      call.answer.kind === "tool" ? "" : call.answer.json,
    ]),
  ]);
  const turns = content.userTurns.map((turn) => turn.text);
  return [content.name, content.intent, content.journey, ...content.tags, ...turns, ...answers];
}
