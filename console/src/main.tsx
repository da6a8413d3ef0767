import { CSPProvider } from "@base-ui/react/csp-provider";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Console } from "./shell/console";
import { ErrorBoundary } from "./shell/page_error";
import { applyTheme, storedTheme } from "./shell/theme";
import "./styles/tokens.css";
import "./styles/base.css";
import "./ui/ui.css";
import "./shell/shell.css";

applyTheme(storedTheme());
const root = document.getElementById("root");
if (root === null) throw new Error("index.html: has no element with the id root");
createRoot(root).render(
  <StrictMode>
    {/* The Content-Security-Policy allows no style element. */}
    <CSPProvider disableStyleElements>
      <ErrorBoundary>
        <Console />
      </ErrorBoundary>
    </CSPProvider>
  </StrictMode>,
);
