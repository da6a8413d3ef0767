import { Page } from "@/ui/page";

export default function WorkflowPage() {
  return <Page title="Workflow">…</Page>;
}
