import type { StreamState, StreamStatus } from "@upreel/core";
import { stateName } from "../state-name.ts";
import { isOriginalOnly } from "./actions.ts";

const CHIP: Record<StreamState, string> = {
  running: "chip live",
  starting: "chip live",
  queued: "chip",
  paused: "chip warning",
  idle: "chip",
  complete: "chip",
  failed: "chip bad",
  cancelled: "chip",
};

/** What a stream does, in a word. */
export const StateChip = ({ status }: { readonly status: StreamStatus }) => (
  <span class={isOriginalOnly(status) ? "chip" : CHIP[status.state]}>{stateName(status)}</span>
);
