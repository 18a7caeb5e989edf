import { fileURLToPath } from "node:url";

/** Folders of the plugins that come with Upreel. */
export const BUILT_IN_PLUGINS: readonly string[] = ["intro-credits", "film-facts"].map((name) =>
  fileURLToPath(new URL(`../../../../packages/${name}`, import.meta.url)),
);
