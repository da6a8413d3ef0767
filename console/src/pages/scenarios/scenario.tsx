import { Page } from "@/ui/page";

export default function ScenarioPage() {
  return <Page title="Scenario">…</Page>;
}
