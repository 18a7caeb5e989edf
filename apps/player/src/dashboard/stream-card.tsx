import { useSignal } from "@preact/signals";
import type { StreamState, StreamStatus } from "@upreel/core";
import { explainReason, urlOf } from "../api/gateway.ts";
import { Icon } from "../components/icon.tsx";
import { Problem } from "../components/problem.tsx";
import { ToldReason } from "../components/told-reason.tsx";
import { RangeBar } from "../components/range-bar.tsx";
import { clock, percent, span, pictureSize } from "../format.ts";
import { speedOf } from "../speed-of.ts";
import { stateHint, stateName } from "../state-name.ts";
import { strings } from "../strings.ts";
import { act, actionsFor, canHelpAgain, isOriginalOnly, type Action } from "./actions.ts";
import { RemoveDialog } from "./remove-dialog.tsx";
import { StreamDetails } from "./stream-details.tsx";
import type { StreamEntry } from "./stream-store.ts";

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

/** One stream in a row: what it is, how far, how fast, and what can be done with it. */
export function StreamCard({ entry }: { readonly entry: StreamEntry }) {
  const status = entry.status.value;
  const isOpen = useSignal(false);
  const isRemoving = useSignal(false);
  const problem = useSignal<unknown>(undefined);
  const isAsItIs = isOriginalOnly(status);
  const run = (action: Action): void => {
    problem.value = undefined;
    act(status.id, action).catch((thrown: unknown) => (problem.value = thrown));
  };
  return (
    <li class="card stream">
      <div class="stream-head">
        <h2>
          <a class="stream-title" href={urlOf(`watch/${status.id}`)}>
            {status.title}
          </a>
        </h2>
        {status.pinned && (
          <span class="chip" title={strings.streams.pinnedHint}>
            {strings.streams.pinned}
          </span>
        )}
        <span class={isAsItIs ? "chip" : CHIP[status.state]} title={stateHint(status)}>
          {stateName(status)}
        </span>
      </div>
      <Progress status={status} />
      {/* A film that could not be read has no figures. */}
      {(status.reason === null || status.duration_seconds !== null) && (
        <p class="stream-line quiet small figures-text">{lineOf(status)}</p>
      )}
      {status.reason !== null && (
        <div class={`small ${status.state === "failed" && !isAsItIs ? "bad-text" : "quiet"}`}>
          <ToldReason {...explainReason(status.reason)} />
        </div>
      )}
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      <div class="stream-actions">
        {status.state === "failed" && !isAsItIs ? (
          canHelpAgain(status) && (
            <button type="button" class="button" onClick={() => run("resume")}>
              <Icon name="again" />
              {strings.retry}
            </button>
          )
        ) : (
          <a class="button" href={urlOf(`watch/${status.id}`)}>
            <Icon name="play" />
            {strings.streams.play}
          </a>
        )}
        {actionsFor(status).map((action) => (
          <ActionButton key={action} action={action} state={status.state} onClick={run} />
        ))}
        <button
          type="button"
          class="button bare"
          aria-label={`${strings.streams.remove}: ${status.title}`}
          title={strings.streams.remove}
          onClick={() => (isRemoving.value = true)}
        >
          <Icon name="trash" />
        </button>
        <button
          type="button"
          class="button bare opener"
          aria-expanded={isOpen.value}
          aria-label={strings.streams.details(status.title)}
          onClick={() => (isOpen.value = !isOpen.value)}
        >
          <Icon name="chevron" />
        </button>
      </div>
      {isOpen.value && <StreamDetails entry={entry} />}
      {isRemoving.value && (
        <RemoveDialog status={status} onClose={() => (isRemoving.value = false)} />
      )}
    </li>
  );
}

function Progress({ status }: { readonly status: StreamStatus }) {
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
function lineOf(status: StreamStatus): string {
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
  ];
  // Lines break between the figures, not within one.
  return parts
    .flatMap((part) => part?.replaceAll(" ", "\u00a0").replace("\u00a0(", " (") ?? [])
    .join(" · ");
}

interface ActionButtonProps {
  readonly action: Action;
  readonly state: StreamState;
  readonly onClick: (action: Action) => void;
}

function ActionButton({ action, state, onClick }: ActionButtonProps) {
  const isAgain = action === "resume" && state !== "paused";
  const name = isAgain ? strings.streams.again : strings.streams[action];
  const icon = {
    pause: "pause",
    resume: "play",
    cancel: "stop",
    pin: "pin",
    unpin: "pin",
  } as const;
  return (
    <button
      type="button"
      class="button bare"
      aria-label={name}
      title={name}
      onClick={() => onClick(action)}
    >
      <Icon name={icon[action]} />
      <span class="action-name">{name}</span>
    </button>
  );
}
