import { Page } from "@/ui/page";

export default function SessionPage() {
  return <Page title="Session">…</Page>;
}
