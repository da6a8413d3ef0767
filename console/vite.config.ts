import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { graphSchema } from "./graph_schema.ts";

/** The stack to which `npm run dev` passes requests of the API. */
const API = process.env.API_URL ?? "http://127.0.0.1:4566/api";
const BASE = `${new URL(API).pathname}/console/`;

export default defineConfig(({ command }) => ({
  // Relative: the function sets <base href> to the path under which it is reached.
  base: command === "build" ? "./" : BASE,
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  plugins: [
    react(),
    graphSchema(),
    {
      name: "base-of-development",
      apply: "serve",
      transformIndexHtml: (html) => html.replace('href="/console/"', `href="${BASE}"`),
    },
  ],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    reportCompressedSize: false,
    // The licenses of what is bundled ask for a copy of their texts.
    license: { fileName: "licenses.json" },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "^/(?!.*/console/)": { target: new URL(API).origin } },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
}));
