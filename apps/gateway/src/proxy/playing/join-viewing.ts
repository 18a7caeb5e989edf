import { wallClock } from "../../waiting/timed-clock.ts";
import type { ProxyDeps } from "../deps.ts";
import { followSessions } from "./follow-sessions.ts";
import { heatStream } from "./heat-stream.ts";
import { proxiedPlayers } from "./proxied-players.ts";

/**
 * Puts those who play through the proxy among all who may be switched, and compares them with Jellyfin's
 * list; without a key for its interface nobody can be. Returns the function that ends both.
 */
export function joinViewing(deps: ProxyDeps): () => void {
  const { streams, playbacks, log } = deps;
  const { client, switcher, poller } = deps.jellyfin;
  const endings = [
    client &&
      switcher?.add(
        proxiedPlayers({ playbacks, client, clock: wallClock, log, heat: heatStream(deps) }),
      ),
    poller?.onList(followSessions({ streams, playbacks })),
    playbacks.onChange(() => poller?.stir()),
  ];
  return () => {
    for (const end of endings) end?.();
  };
}
