import type { StreamStatus } from "@upreel/core";
import type { Peers } from "../deps.ts";

const LOOK_EVERY_MS = 2_000;

/** Sends what streams of other gateways do to a page that follows all: what changed, every few seconds. */
export function followPeers(
  { statuses }: Pick<Peers, "statuses">,
  events: { send(event: "status", status: StreamStatus): void },
): { readonly ids: () => Promise<readonly string[]>; readonly end: () => void } {
  const sent = new Map<string, string>();

  async function look(): Promise<readonly string[]> {
    const now = await statuses();
    for (const status of now) {
      const text = JSON.stringify(status);
      if (sent.get(status.id) === text) continue;
      sent.set(status.id, text);
      events.send("status", status);
    }
    return now.map(({ id }: StreamStatus) => id);
  }

  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();
  return { ids: look, end: () => clearInterval(timer) };
}
