import { configuredProfile } from "@upreel/engine";
import type { GatewayDeps } from "../deps.ts";

/** Plans films that somebody is about to click on, one at a time; of those that wait, only the last one named. */
export function createPlanAhead({
  prepare,
  files,
  roots,
  config,
  log,
}: Pick<GatewayDeps, "prepare" | "files" | "roots" | "config" | "log">): (path: string) => void {
  let isAtWork = false;
  let next: string | undefined;

  async function work(): Promise<void> {
    isAtWork = true;
    for (let path = next; path !== undefined; path = next) {
      next = undefined;
      try {
        await prepare(await files.locate(path, roots), configuredProfile(config));
      } catch (thrown) {
        // Who clicks on it is told.
        log.debug("a film could not be planned ahead", { path, thrown });
      }
    }
    isAtWork = false;
  }

  return (path) => {
    next = path;
    if (!isAtWork) void work();
  };
}
