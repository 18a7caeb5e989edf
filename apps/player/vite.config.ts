import { join } from "node:path";
import { defineConfig } from "vite";
import { icons } from "./build/icons.ts";
import { inlineStyles } from "./build/inline-styles.ts";
import { precompress } from "./build/precompress.ts";
import { preloadHls } from "./build/preload-hls.ts";

const page = (path: string): string => join(import.meta.dirname, path, "index.html");

/** Browsers of televisions are years behind: webOS 22 and Tizen 6.5 have Chromium 87 and 85. */
const BROWSERS = ["chrome85", "firefox90", "safari14"];

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that a gateway behind a path of a proxy works too.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: BROWSERS,
    cssTarget: BROWSERS,
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // hls.js is one file of that size; it comes after the page is there.
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      // Compressing takes most of the time, and may.
      checks: { pluginTimings: false },
      input: { dashboard: page("."), watch: page("watch"), compare: page("watch/compare") },
    },
  },
  plugins: [icons(), inlineStyles(), preloadHls(["watch", "watch/compare"]), precompress()],
});
