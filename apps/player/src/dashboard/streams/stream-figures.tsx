import type { StreamStatus } from "@upreel/core";
import { RangeBar } from "../../components/range-bar.tsx";
import { bytes, clock, factLine, percent, pictureSize, span } from "../../format.ts";
import { speedOf } from "../../stream/speed-of.ts";
import { strings } from "../../strings.ts";

/** How much of a film is made, and which parts. */
export function Progress({ status }: { readonly status: StreamStatus }) {
  return (
    <div
      class="stream-progress"
      role="progressbar"
      aria-label={strings.streams.progress(status.title)}
      aria-valuenow={Math.floor(status.ratio * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <RangeBar
        ready={status.ready_ranges}
        making={status.making_ranges}
        durationSeconds={status.duration_seconds}
      />
      <b class="figures-text">{percent(status.ratio)}</b>
    </div>
  );
}

/** The figures that matter in this state, in one line. */
export function lineOf(status: StreamStatus): string {
  const { duration_seconds: total, state } = status;
  if (total === null) return strings.states[state];
  const isRunning = state === "running";
  const parts = [
    strings.streams.ready(clock(status.ratio * total), clock(total)),
    isRunning && status.speed > 0 ? speedOf(status) : undefined,
    isRunning && status.viewers > 0 ? strings.streams.leadOf(span(status.lead_seconds)) : undefined,
    isRunning && status.eta_seconds !== null
      ? strings.streams.left(span(status.eta_seconds))
      : undefined,
    status.width === null ? undefined : pictureSize(status.width, status.height),
    status.size_bytes === null ? undefined : bytes(status.size_bytes),
  ];
  // Lines break between the figures, not within one.
  return factLine(
    parts.flatMap((part) => part?.replaceAll(" ", "\u00a0").replace("\u00a0(", " (") ?? []),
  );
}
