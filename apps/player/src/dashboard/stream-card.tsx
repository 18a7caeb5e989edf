import { useSignal } from "@preact/signals";
import type { StreamState, StreamStatus } from "@upreel/core";
import { explainReason, urlOf } from "../api/gateway.ts";
import { Icon } from "../components/icon.tsx";
import { Problem } from "../components/problem.tsx";
import { ToldReason } from "../components/told-reason.tsx";
import { stateHint, stateName } from "../state-name.ts";
import { strings } from "../strings.ts";
import {
  act,
  actionsFor,
  canHelpAgain,
  isMovable,
  isOriginalOnly,
  type Action,
} from "./actions.ts";
import { ActionButton } from "./action-button.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import { StreamDetails } from "./stream-details.tsx";
import { lineOf, Progress } from "./stream-figures.tsx";
import { Grip, type Reorder } from "./use-reorder.tsx";
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

interface StreamCardProps {
  readonly entry: StreamEntry;
  /** It is deleted, and keeps its place until the pointer has left the list. */
  readonly isGone: boolean;
  readonly reorder: Reorder;
  /** Whether it is chosen; undefined: nothing is being chosen. */
  readonly isChosen: boolean | undefined;
  /** `isRange`: all from the one that was chosen last. */
  readonly onChoose: (id: string, isRange: boolean) => void;
  readonly onFront: (id: string) => void;
  readonly onRemoved: (id: string) => void;
}

/** One stream in a row: what it is, how far, how fast, and what can be done with it. */
export function StreamCard(props: StreamCardProps) {
  const { entry, isGone, reorder } = props;
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
    <li
      class={cardClass(isGone, reorder.isMoving(status.id))}
      data-id={status.id}
      inert={isGone}
      style={reorder.styleOf(status.id)}
    >
      <CardHead {...props} status={status} />
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
        {status.state === "queued" && (
          <button
            type="button"
            class="button bare"
            aria-label={`${strings.streams.front}: ${status.title}`}
            title={strings.streams.front}
            onClick={() => props.onFront(status.id)}
          >
            <Icon name="top" />
            <span class="action-name">{strings.streams.front}</span>
          </button>
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
        <RemoveDialog
          films={[status]}
          onClose={() => (isRemoving.value = false)}
          onRemoved={() => props.onRemoved(status.id)}
        />
      )}
    </li>
  );
}

/** Title and state, and what the card is chosen or moved by. */
function CardHead(props: StreamCardProps & { readonly status: StreamStatus }) {
  const { status, reorder, isChosen } = props;
  const isAsItIs = isOriginalOnly(status);
  return (
    <div class="stream-head">
      {isChosen !== undefined ? (
        <label class="choose">
          <input
            type="checkbox"
            checked={isChosen}
            aria-label={strings.streams.choose.film(status.title)}
            onClick={(event) => props.onChoose(status.id, event.shiftKey)}
          />
        </label>
      ) : (
        isMovable(status) && <Grip status={status} reorder={reorder} />
      )}
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
  );
}

const cardClass = (isGone: boolean, isMoving: boolean): string =>
  `card stream${isGone ? " gone" : ""}${isMoving ? " moving" : ""}`;
