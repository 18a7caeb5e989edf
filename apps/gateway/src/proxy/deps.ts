import type { GatewayDeps } from "../http/deps.ts";
import type { Playbacks } from "../viewing/playbacks.ts";

/** All that the proxy needs: what the routes have, and what clients play through it. */
export interface ProxyDeps extends GatewayDeps {
  readonly playbacks: Playbacks;
}
