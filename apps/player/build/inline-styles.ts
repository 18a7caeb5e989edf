import type { Plugin } from "vite";

const LINK = /<link rel="stylesheet"[^>]*href="(?:\.{1,2}\/)*([^"]+\.css)"[^>]*>/g;

/**
 * Puts the style sheets of a page into it: the first paint waits for nothing but the page itself. The
 * gateway allows these by their hashes in its Content-Security-Policy.
 */
export function inlineStyles(): Plugin {
  return {
    name: "inline-styles",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".html")) continue;
        file.source = String(file.source).replace(LINK, (_link, path: string) => {
          const sheet = bundle[path];
          if (sheet?.type !== "asset") throw new Error(`${file.fileName}: no style sheet ${path}`);
          return `<style>${String(sheet.source).trim()}</style>`;
        });
      }
    },
  };
}
