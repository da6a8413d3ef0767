import { Link } from "@tanstack/react-router";
import { Empty } from "@/ui/notices";

export function NotFound() {
  return (
    <Empty title="No page has this address">
      <Link to="/sessions">Go to the sessions</Link>
    </Empty>
  );
}
