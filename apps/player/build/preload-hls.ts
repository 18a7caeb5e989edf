import type { Plugin } from "vite";

/**
 * Lets the pages that play load hls.js beside their own script, which would ask for it only once it runs and knows its
 * film. Nothing of it is in the shelf, which must be there at once.
 */
export function preloadHls(pages: readonly string[]): Plugin {
  return {
    name: "preload-hls",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const chunk = Object.values(bundle).find(
        (file) => file.type === "chunk" && file.facadeModuleId?.includes("/hls.js/") === true,
      );
      if (chunk === undefined) throw new Error("hls.js is in no file of its own any more");
      for (const page of pages) {
        const file = bundle[`${page}/index.html`];
        if (file?.type !== "asset") throw new Error(`no page ${page}`);
        const root = "../".repeat(page.split("/").length);
        const link = `<link rel="modulepreload" crossorigin href="${root}${chunk.fileName}">`;
        file.source = String(file.source).replace("</head>", `${link}</head>`);
      }
    },
  };
}
