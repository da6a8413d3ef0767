import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useCaller } from "@/api/caller";
import { API_URL } from "@/api/client";
import { finishDeletions } from "@/api/deletions";
import { storeKey } from "@/api/key";
import { Button } from "@/ui/button";
import { SelectField } from "@/ui/field";
import { applyTheme, storedTheme, type Theme } from "./theme";

const PAGES = [
  ["/sessions", "Sessions"],
  ["/playground", "Playground"],
  ["/scenarios", "Scenarios"],
  ["/runs", "Runs"],
  ["/organization", "Organization"],
] as const;

/** The frame of all pages: navigation, the page, the key's name. */
export function Layout() {
  const isLoading = useRouterState({ select: (state) => state.isLoading });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const nav = useRef<HTMLElement>(null);
  // On a narrow screen the links scroll: the current one is in view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current link changes with the path.
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (nav.current && current)
      nav.current.scrollLeft = current.offsetLeft - nav.current.offsetLeft;
  }, [path]);
  return (
    <div className="layout">
      {/* No link: the base of the page's URLs would change what #content means. */}
      <button type="button" className="skip-link" onClick={skip}>
        Skip to the content
      </button>
      <header className="side">
        <Link to="/sessions" className="brand">
          <img src="./favicon.svg" alt="" width="24" height="24" />
          <span>Agent Sessions</span>
        </Link>
        <nav aria-label="Pages" ref={nav}>
          <ul>
            {PAGES.map(([path, name]) => (
              <li key={path}>
                <Link to={path} activeProps={{ "aria-current": "page" }}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <Account />
      </header>
      <main id="content" tabIndex={-1} aria-busy={isLoading}>
        <Outlet />
      </main>
    </div>
  );
}

function skip() {
  document.getElementById("content")?.focus();
}

function forget() {
  finishDeletions();
  storeKey(null);
}

function Account() {
  const caller = useCaller();
  const [theme, setTheme] = useState(storedTheme);
  return (
    <div className="account stack">
      <SelectField
        label="Colors"
        value={theme}
        options={[
          ["system", "System"],
          ["light", "Light"],
          ["dark", "Dark"],
        ]}
        onChange={(event) => {
          const chosen = event.target.value as Theme;
          applyTheme(chosen);
          setTheme(chosen);
        }}
      />
      <div className="small">
        <a href={`${API_URL}/docs`} target="_blank" rel="noreferrer">
          API reference
        </a>
        <div className="muted key-name" title={caller?.organization_id}>
          Key: {caller?.key_name ?? "…"}
        </div>
      </div>
      <Button compact onClick={forget}>
        Forget the key
      </Button>
    </div>
  );
}
