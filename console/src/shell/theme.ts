/** The color scheme: the system's, or the one that was chosen on this machine. */
export type Theme = "system" | "light" | "dark";

const NAME = "agent-sessions.theme";

export function storedTheme(): Theme {
  const stored = localStorage.getItem(NAME);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") {
    localStorage.removeItem(NAME);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(NAME, theme);
    document.documentElement.dataset.theme = theme;
  }
}
