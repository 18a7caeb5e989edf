import type { StreamState, StreamStatus } from "@upreel/core";
import { stateName } from "../../stream/state-name.ts";
import { strings } from "../../strings.ts";
import { isOriginalOnly } from "../../stream/actions.ts";

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

/** What a stream does, in a word, and whether it is protected. */
export const StateChips = ({ status }: { readonly status: StreamStatus }) => (
  <>
    {status.pinned && (
      <span class="chip" title={strings.streams.pinnedHint}>
        {strings.streams.pinned}
      </span>
    )}
    <span class={isOriginalOnly(status) ? "chip" : CHIP[status.state]}>{stateName(status)}</span>
  </>
);
