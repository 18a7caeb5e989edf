import { fileURLToPath } from "node:url";

/** Folders of the plugins that come with Upreel. */
export const BUILT_IN_PLUGINS: readonly string[] = [
  fileURLToPath(new URL("../../../../packages/intro-credits", import.meta.url)),
];
