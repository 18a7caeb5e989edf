export type { ChildEnd, ChildOrder } from "./launch.ts";
export { startLinePeer, type LinePeer, type LinePeerHooks } from "./start-line-peer.ts";
export { readLines } from "./read-lines.ts";
export { parseLine, runToEnd, type Outcome } from "./run-to-end.ts";
export { startPeer, watchForSilence, type Peer, type PeerHooks } from "./start-peer.ts";
