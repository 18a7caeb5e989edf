import type { StreamStatus } from "@upreel/core";
import { viewsInTurns } from "../../waiting/in-turns.ts";
import type { GatewayDeps } from "../deps.ts";
import { streamBody } from "./stream-body.ts";

/**
 * All streams, each once: those of this gateway and, with `isWhole`, what the others tell of theirs. Other requests have
 * their turn meanwhile.
 */
export async function* allStatuses(
  { streams, peers }: Pick<GatewayDeps, "streams" | "peers">,
  isWhole = true,
): AsyncGenerator<StreamStatus, void> {
  // The others first: what is taken from them meanwhile is among its own then.
  const theirs = (isWhole ? await peers?.statuses() : undefined) ?? [];
  const told = new Set<string>();
  for await (const view of viewsInTurns(streams)) {
    if (told.has(view.id)) continue;
    told.add(view.id);
    yield streamBody(view);
  }
  for (const status of theirs) if (!told.has(status.id)) yield status;
}
