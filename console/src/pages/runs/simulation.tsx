import { Page } from "@/ui/page";

export default function SimulationPage() {
  return <Page title="Simulation">…</Page>;
}
