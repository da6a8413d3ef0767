import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { Layout } from "./shell/layout";
import { NotFound } from "./shell/not_found";
import { PageError } from "./shell/page_error";

const root = createRootRoute({ component: Layout, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/sessions" });
  },
});

/** Values of the URL's query: text only, so that a link can be written by hand. */
type Search = Record<string, string | undefined>;

function page<P extends string>(path: P, load: () => Promise<{ default: React.ComponentType }>) {
  return createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load),
    validateSearch: (search: Record<string, unknown>): Search =>
      Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)])),
  });
}

const routes = root.addChildren([
  home,
  page("/sessions", () => import("./pages/sessions/list")),
  page("/sessions/$sessionId", () => import("./pages/sessions/session")),
  page("/playground", () => import("./pages/playground/start")),
  page("/playground/$sessionId", () => import("./pages/playground/session")),
  page("/workflows/$workflowId", () => import("./pages/playground/workflow")),
  page("/scenarios", () => import("./pages/scenarios/list")),
  page("/scenarios/new", () => import("./pages/scenarios/draft")),
  page("/scenarios/$scenarioId", () => import("./pages/scenarios/scenario")),
  page("/runs", () => import("./pages/runs/list")),
  page("/runs/new", () => import("./pages/runs/start")),
  page("/runs/$runId", () => import("./pages/runs/run")),
  page("/runs/$runId/simulations/$number", () => import("./pages/runs/simulation")),
  page("/runs/$runId/compare/$baselineId", () => import("./pages/runs/comparison")),
  page("/organization", () => import("./pages/organization/organization")),
]);

export const router = createRouter({
  routeTree: routes,
  basepath: new URL(document.baseURI).pathname,
  defaultPreload: "intent",
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
    const text = new URLSearchParams(
      given.map(([name, value]) => [name, String(value)]),
    ).toString();
    return text && `?${text}`;
  },
  defaultErrorComponent: PageError,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
