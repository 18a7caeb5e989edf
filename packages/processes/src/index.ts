export type { ChildEnd, ChildOrder } from "./launch.ts";
export { readLines } from "./read-lines.ts";
export { parseLine, runToEnd, type Outcome } from "./run-to-end.ts";
export { startPeer, watchForSilence, type Peer, type PeerHooks } from "./start-peer.ts";
