import { Button } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import type { Content, EditedCriterion } from "./content";
import type { EditorProps } from "./editor";
import { newId } from "./world";

const SCALES = [
  ["boolean", "Met or not"],
  ["score_5", "1 to 5"],
] as const;

type Props = Pick<EditorProps, "content" | "onChange" | "faults">;

/** Success criteria, which a model judges a run by. */
export function CriteriaEditor({ content, onChange, faults }: Props) {
  const { criteria } = content;
  const set = (changed: Content["criteria"]) => onChange({ criteria: changed });
  return (
    <section className="stack editor-section" aria-labelledby="criteria-heading">
      <h2 id="criteria-heading">Success criteria</h2>
      <p className="muted small">
        A model judges each run by these. What can be decided without a model is a check.
      </p>
      {criteria.map((criterion, index) => (
        <Criterion
          key={criterion.id}
          number={index + 1}
          criterion={criterion}
          fault={faults[`success_criteria.${index}`]}
          onChange={(changed) =>
            set(criteria.map((one) => (one.id === criterion.id ? changed : one)))
          }
          onRemove={() => set(criteria.filter((one) => one.id !== criterion.id))}
        />
      ))}
      {faults.success_criteria && (
        <p className="fault small" role="alert">
          {faults.success_criteria}
        </p>
      )}
      <div>
        <Button
          onClick={() =>
            set([...criteria, { id: newId("criterion"), description: "", output_type: "boolean" }])
          }
        >
          Add a criterion
        </Button>
      </div>
    </section>
  );
}

type CriterionProps = {
  number: number;
  criterion: EditedCriterion;
  fault: string | undefined;
  onChange: (criterion: EditedCriterion) => void;
  onRemove: () => void;
};

function Criterion({ number, criterion, fault, onChange, onRemove }: CriterionProps) {
  return (
    <div className="row criterion-row">
      <TextField
        label={`Criterion ${number}`}
        dir="auto"
        maxLength={500}
        value={criterion.description}
        fault={fault}
        onChange={(event) => onChange({ ...criterion, description: event.target.value })}
      />
      <SelectField
        label={`Scale of criterion ${number}`}
        options={SCALES}
        value={criterion.output_type}
        onChange={(event) =>
          onChange({
            ...criterion,
            output_type: event.target.value === "score_5" ? "score_5" : "boolean",
          })
        }
      />
      <Button compact look="quiet" aria-label={`Remove criterion ${number}`} onClick={onRemove}>
        Remove
      </Button>
    </div>
  );
}
