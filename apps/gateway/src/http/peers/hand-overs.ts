import { leasesAway } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import type { Peers } from "../deps.ts";
import { LONGEST_MS } from "./forward-request.ts";
import { PEER_HEADER } from "./from-peer.ts";

/** Which gateway has a stream, and how a stream changes hands between two of them. */
export const handOvers = ({
  streams,
  key,
  isFromPeer,
}: Pick<Peers, "isFromPeer"> & {
  readonly streams: Pick<Streams, "reach" | "handOver">;
  readonly key: string;
}): Pick<Peers, "ownerOf" | "askFor" | "handOver"> => ({
  async ownerOf(id) {
    const where = await streams.reach(id);
    if (where.at !== "there") return undefined;
    return { url: new URL(where.address), headers: [[PEER_HEADER, key]] };
  },
  async askFor(id) {
    const where = await streams.reach(id);
    if (where.at === "here") return true;
    if (where.at === "unknown") throw leasesAway(id);
    const answer = await fetch(`${where.address}/internal/hand-over/${id}`, {
      ...{ method: "POST", headers: { [PEER_HEADER]: key } },
      ...{ redirect: "error", signal: AbortSignal.timeout(LONGEST_MS) },
    }).catch(() => undefined);
    return answer?.status === 204;
  },
  async handOver(request, response, next) {
    if (!isFromPeer(request)) return next();
    response.status((await streams.handOver(request.params.id)) ? 204 : 409).end();
  },
});
