import { type FormEvent, useId, useState } from "react";
import { $api } from "@/api/client";
import { useIdempotencyKey } from "@/api/idempotency";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextAreaField, TextField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";
import { useFollow } from "@/ui/use_follow";
import { createWorkflow, type NewWorkflowFields } from "./create_workflow";

/** The form for a workflow and its first revision. */
export function NewWorkflow({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const form = useId();
  const follow = useFollow();
  const catalog = $api.useQuery("get", "/v1/workflow/playground/catalog", {}, { enabled: isOpen });
  const key = useIdempotencyKey();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const graphs = (catalog.data?.items ?? []).map(({ slug, name }) => [slug, name] as const);

  async function create(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.currentTarget)) as NewWorkflowFields;
    setBusy(true);
    setError(null);
    try {
      const made = await createWorkflow(values, key.of(values));
      key.renew();
      onClose();
      await follow({
        to: "/workflows/$workflowId",
        params: { workflowId: made.workflow },
        search: { revision: made.revision },
      });
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }

  return (
    <Dialog
      title="New workflow"
      description="A workflow has revisions; each revision has a graph."
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} look="primary" busy={isBusy}>
            Create the workflow
          </Button>
        </>
      }
    >
      <form id={form} className="stack" onSubmit={create}>
        {error !== null && <ErrorNotice error={error} />}
        <TextField label="Name" name="name" required maxLength={255} dir="auto" />
        <TextAreaField
          label="Description (optional)"
          name="description"
          maxLength={10_000}
          rows={2}
        />
        <SelectField
          label="Graph of the first revision"
          name="graph"
          options={[["", "Empty: one question, then a handoff"], ...graphs]}
        />
      </form>
    </Dialog>
  );
}
