import { useNavigate, useSearch } from "@tanstack/react-router";
import { Page } from "@/ui/page";
import { Tabs } from "@/ui/tabs";
import { Access } from "./access";
import { Catalog } from "./catalog";
import { Keys } from "./keys";
import { Models } from "./models";
import { Usage } from "./usage";
import "./organization.css";

const TABS = [
  { id: "usage", title: "Usage", content: <Usage /> },
  { id: "keys", title: "API keys", content: <Keys /> },
  { id: "models", title: "Models", content: <Models /> },
  { id: "catalog", title: "Agents and products", content: <Catalog /> },
  { id: "access", title: "This key", content: <Access /> },
];

/** The organization of the key: usage, keys, models, agents and products. */
export default function OrganizationPage() {
  const { tab } = useSearch({ from: "/organization" });
  const navigate = useNavigate();
  const selected = TABS.some((one) => one.id === tab) ? String(tab) : "usage";
  return (
    <Page title="Organization">
      <Tabs
        label="Parts of the organization"
        tabs={TABS}
        selected={selected}
        onSelect={(id) =>
          navigate({ to: "/organization", search: { tab: id === "usage" ? undefined : id } })
        }
      />
    </Page>
  );
}
