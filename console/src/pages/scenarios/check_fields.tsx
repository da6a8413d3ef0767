import { Button } from "@/ui/button";
import { SelectField, TextAreaField, TextField } from "@/ui/field";
import { ListField, NumberField, type FieldsProps as Props } from "./check_inputs";
import { type CallForm, emptyCall, type FormFaults } from "./checks";

/** The fields of one kind of check. */
export function CheckFields(props: Props) {
  switch (props.form.type) {
    case "tool_called":
      return (
        <>
          <OneCall {...props} />
          <NumberField {...props} name="min" label="Least number of such calls" />
          <NumberField {...props} name="max" label="Greatest number of such calls" isOptional />
        </>
      );
    case "tool_not_called":
      return <OneCall {...props} />;
    case "tool_order":
      return <Calls {...props} />;
    case "end_state":
      return (
        <>
          <Calls {...props} />
          <ListField
            {...props}
            label="Tools that change something"
            hint="One a line. Empty: those whose name begins with a verb of change."
          />
        </>
      );
    case "json_schema":
      return <SchemaFields {...props} />;
    case "ends":
      return (
        <ListField
          {...props}
          label="Reasons"
          hint="One a line, such as GOAL_ACHIEVED. Empty: any but the limit of turns."
        />
      );
    case "says":
    case "says_not":
    case "pattern":
      return <TextFields {...props} />;
    default:
      return <LimitFields {...props} />;
  }
}

function OneCall({ form, faults, onChange }: Props) {
  return (
    <CallFields call={form.call} place="" faults={faults} onChange={(call) => onChange({ call })} />
  );
}

function Calls({ form, faults, onChange }: Props) {
  const { calls } = form;
  return (
    <>
      {calls.map((call, index) => (
        <fieldset key={call.id} className="stack call-fieldset">
          <legend>Call {index + 1}</legend>
          <CallFields
            call={call}
            place={`calls.${call.id}.`}
            faults={faults}
            onChange={(changed) =>
              onChange({ calls: calls.map((one) => (one.id === call.id ? changed : one)) })
            }
          />
          <div>
            <Button
              compact
              look="quiet"
              onClick={() => onChange({ calls: calls.filter((one) => one.id !== call.id) })}
            >
              Remove call {index + 1}
            </Button>
          </div>
        </fieldset>
      ))}
      {faults.calls && (
        <p className="fault small" role="alert">
          {faults.calls}
        </p>
      )}
      <div>
        <Button onClick={() => onChange({ calls: [...calls, emptyCall()] })}>Add a call</Button>
      </div>
    </>
  );
}

type CallProps = {
  call: CallForm;
  place: string;
  faults: FormFaults;
  onChange: (call: CallForm) => void;
};

function CallFields({ call, place, faults, onChange }: CallProps) {
  return (
    <>
      <TextField
        label="Tool"
        dir="auto"
        maxLength={200}
        value={call.tool}
        fault={faults[`${place}tool`]}
        onChange={(event) => onChange({ ...call, tool: event.target.value })}
      />
      <TextAreaField
        label="Arguments (JSON)"
        hint="Empty: any arguments."
        className="input json-input"
        dir="ltr"
        spellCheck={false}
        value={call.args}
        fault={faults[`${place}args`]}
        onChange={(event) => onChange({ ...call, args: event.target.value })}
      />
      <SelectField
        label="Comparison of arguments"
        options={[
          ["meaning", "Meaning: the named ones, apart from case, spaces and notation"],
          ["exact", "Exact: equal JSON, and no others"],
        ]}
        value={call.match}
        onChange={(event) =>
          onChange({ ...call, match: event.target.value === "exact" ? "exact" : "meaning" })
        }
      />
    </>
  );
}

function TextFields({ form, faults, onChange }: Props) {
  const isPattern = form.type === "pattern";
  return (
    <>
      <TextField
        label={isPattern ? "Regular expression" : "Text"}
        hint={isPattern ? "RE2 syntax; (?i) in front ignores case." : undefined}
        dir="auto"
        maxLength={500}
        value={form.text}
        fault={faults.text}
        onChange={(event) => onChange({ text: event.target.value })}
      />
      <SelectField
        label="Messages of"
        options={[
          ["agent", "The agent"],
          ["user", "The user"],
        ]}
        value={form.by}
        onChange={(event) => onChange({ by: event.target.value === "user" ? "user" : "agent" })}
      />
      {isPattern && (
        <SelectField
          label="Passes if"
          options={[
            ["present", "A message matches"],
            ["absent", "No message matches"],
          ]}
          value={form.absent ? "absent" : "present"}
          onChange={(event) => onChange({ absent: event.target.value === "absent" })}
        />
      )}
    </>
  );
}

function SchemaFields({ form, faults, onChange }: Props) {
  return (
    <>
      <TextField
        label="Tool"
        hint="Its arguments must fit, in each call. Empty: the agent's last message."
        dir="auto"
        maxLength={200}
        value={form.call.tool}
        onChange={(event) => onChange({ call: { ...form.call, tool: event.target.value } })}
      />
      <TextAreaField
        label="JSON Schema"
        className="input json-input"
        dir="ltr"
        spellCheck={false}
        rows={8}
        value={form.schema}
        fault={faults.schema}
        onChange={(event) => onChange({ schema: event.target.value })}
      />
    </>
  );
}

function LimitFields(props: Props) {
  const { form, onChange } = props;
  return (
    <>
      <NumberField {...props} name="max" label="Limit" />
      {form.type === "max_seconds" && (
        <SelectField
          label="Time of"
          options={[
            ["conversation", "All answers together"],
            ["answer", "Each answer"],
          ]}
          value={form.per}
          onChange={(event) =>
            onChange({ per: event.target.value === "answer" ? "answer" : "conversation" })
          }
        />
      )}
    </>
  );
}
