import { Page } from "@/ui/page";

export default function ComparisonPage() {
  return <Page title="Comparison">…</Page>;
}
