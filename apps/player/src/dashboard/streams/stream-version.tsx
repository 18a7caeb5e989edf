import { useSignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { explainReason, urlOf } from "../../api/gateway.ts";
import { Icon } from "../../components/icon.tsx";
import { Problem } from "../../components/problem.tsx";
import { ToldReason } from "../../components/told-reason.tsx";
import { stateHint } from "../../stream/state-name.ts";
import { strings } from "../../strings.ts";
import {
  act,
  actionsFor,
  canHelpAgain,
  isOriginalOnly,
  type Action,
} from "../../stream/actions.ts";
import { ActionButton } from "./action-button.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import { StreamDetails } from "./stream-details.tsx";
import { lineOf, Progress } from "./stream-figures.tsx";
import type { StreamEntry } from "./stream-store.ts";

interface StreamVersionProps {
  readonly entry: StreamEntry;
  /** The film's title; with several versions, with the name of this one. */
  readonly name: string;
  /** Undefined: it cannot be put in order here. */
  readonly onFront?: ((id: string) => void) | undefined;
  readonly onRemoved?: (() => void) | undefined;
}

/** How far a version of a film is, how fast, and what can be done with it. */
export function StreamVersion({ entry, name, onFront, onRemoved }: StreamVersionProps) {
  const status = entry.status.value;
  const isOpen = useSignal(false);
  const isRemoving = useSignal(false);
  const problem = useSignal<unknown>(undefined);
  const isAsItIs = isOriginalOnly(status);
  const hint = stateHint(status);
  const run = (action: Action): void => {
    problem.value = undefined;
    act(status.id, action).catch((thrown: unknown) => (problem.value = thrown));
  };
  return (
    <>
      <Progress status={status} />
      {/* A film that could not be read has no figures. */}
      {(status.reason === null || status.duration_seconds !== null) && (
        <p class="stream-line quiet small figures-text">{lineOf(status)}</p>
      )}
      {hint !== undefined && <p class="quiet small">{hint}</p>}
      {status.reason !== null && (
        <div class={`small ${status.state === "failed" && !isAsItIs ? "bad-text" : "quiet"}`}>
          <ToldReason {...explainReason(status.reason)} />
        </div>
      )}
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      <div class="stream-actions">
        <MainAction status={status} onRetry={() => run("resume")} />
        {status.state === "queued" && onFront !== undefined && (
          <button
            type="button"
            class="button bare"
            aria-label={`${strings.streams.front}: ${name}`}
            title={strings.streams.front}
            onClick={() => onFront(status.id)}
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
          aria-label={`${strings.streams.remove}: ${name}`}
          title={strings.streams.remove}
          onClick={() => (isRemoving.value = true)}
        >
          <Icon name="trash" />
        </button>
        <button
          type="button"
          class="button bare opener"
          aria-expanded={isOpen.value}
          aria-label={strings.streams.details(name)}
          onClick={() => (isOpen.value = !isOpen.value)}
        >
          <Icon name="chevron" />
        </button>
      </div>
      {isOpen.value && <StreamDetails entry={entry} />}
      {isRemoving.value && (
        <RemoveDialog
          films={[{ title: name, versions: [status] }]}
          onClose={() => (isRemoving.value = false)}
          onRemoved={() => {
            isRemoving.value = false;
            onRemoved?.();
          }}
        />
      )}
    </>
  );
}

interface MainActionProps {
  readonly status: StreamStatus;
  readonly onRetry: () => void;
}

/** Plays the film, or tries it again where it failed. */
function MainAction({ status, onRetry }: MainActionProps) {
  if (status.state !== "failed" || isOriginalOnly(status))
    return (
      <a class="button" href={urlOf(`watch/${status.id}`)}>
        <Icon name="play" />
        {strings.streams.play}
      </a>
    );
  if (!canHelpAgain(status)) return <></>;
  return (
    <button type="button" class="button" onClick={onRetry}>
      <Icon name="again" />
      {strings.retry}
    </button>
  );
}
