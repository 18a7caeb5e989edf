import { join } from "node:path";
import type { StreamStatus } from "@upreel/core";
import { readSecret } from "@upreel/engine";
import { recordsBeside } from "@upreel/watcher";
import type { Config } from "../../config.ts";
import type { ShelfStream } from "../../shelf/film-streams.ts";
import { peerKey } from "./from-peer.ts";
import type { Peers } from "../deps.ts";
import { createPeers, type PeersParts } from "./peers.ts";

/** The other gateways; undefined where this one is alone. */
export async function openPeers(
  { dataDir, gatewayUrl }: Pick<Config, "dataDir" | "gatewayUrl">,
  parts: Omit<PeersParts, "key" | "ownAddress" | "dataDir">,
): Promise<Peers | undefined> {
  if (gatewayUrl === undefined) return undefined;
  const key = peerKey(await readSecret(join(dataDir, "secret")));
  return createPeers({ ...parts, key, ownAddress: gatewayUrl, dataDir });
}

/** What the streams of other gateways do, and all of the folder but those that are known. */
export const streamsBeside = (peers: Peers, dataDir: string) => ({
  others: () => peers.statuses(),
  besides: (known: ReadonlySet<string>) => recordsBeside(dataDir, known),
});

/** A stream of another gateway's, for the shelf. */
export const shelfStream = (status: StreamStatus): ShelfStream => ({
  ...{ id: status.id, film: status.film, state: status.state, ratio: status.ratio },
  ...{ plain: status.plain, height: status.height ?? undefined, quality: status.quality },
  wanted: { model: status.wanted_model },
  etaSeconds: status.eta_seconds ?? undefined,
  reason: status.reason ?? undefined,
  durationSeconds: status.duration_seconds ?? undefined,
  isGrowing: status.growing,
});
