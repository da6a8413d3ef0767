import { Page } from "@/ui/page";

export default function DraftPage() {
  return <Page title="Draft">…</Page>;
}
