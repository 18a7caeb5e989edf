import type { Peers } from "../deps.ts";
import type { createForwarder } from "./forward-request.ts";

/** Has the gateway answer that does what one of several does alone; a call that was passed on already goes no further. */
export function passToLeader({
  isFromPeer,
  forwarder,
  closing,
}: Pick<Peers, "isFromPeer"> & {
  readonly forwarder: Pick<ReturnType<typeof createForwarder>, "forward">;
  readonly closing: AbortSignal;
}): Peers["passOnToLeader"] {
  return async (leader, request, response, body) => {
    if (leader.isHere() || isFromPeer(request)) return false;
    const address = await leader.elsewhere();
    if (address === undefined) return false;
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const signal = AbortSignal.any([gone.signal, closing]);
    const isStill = async (): Promise<boolean> => (await leader.elsewhere()) === address;
    const call = { request, response, body, isDecoded: body !== undefined, signal, isStill };
    return await forwarder.forward(address, call);
  };
}
