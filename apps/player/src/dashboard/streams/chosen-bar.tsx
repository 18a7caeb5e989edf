import { useSignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { Problem } from "../../components/problem.tsx";
import { strings } from "../../strings.ts";
import { act, isCancellable, isMovable, toEach } from "../../stream/actions.ts";
import { RemoveDialog } from "./remove-dialog.tsx";

/** A film with all its versions. */
export interface ChosenFilm {
  readonly title: string;
  readonly versions: readonly StreamStatus[];
}

interface ChosenBarProps {
  readonly films: readonly ChosenFilm[];
  readonly onAll: () => void;
  readonly onFront: () => Promise<void>;
  readonly onRemoved: () => void;
  readonly onDone: () => void;
}

/** What can be done with all films that are chosen. */
export function ChosenBar({ films, onAll, onFront, onRemoved, onDone }: ChosenBarProps) {
  const problem = useSignal<unknown>(undefined);
  const isBusy = useSignal(false);
  const isRemoving = useSignal(false);
  const run = async (work: () => Promise<void>): Promise<void> => {
    problem.value = undefined;
    isBusy.value = true;
    await work().catch((thrown: unknown) => void (problem.value = thrown));
    isBusy.value = false;
  };
  const names = strings.streams;
  const versions = films.flatMap((film) => film.versions);
  const toCancel = versions.filter(isCancellable).map(({ id }) => id);
  const button = (name: string, isOff: boolean, onClick: () => void, kind = "") => (
    <button
      type="button"
      class={`button ${kind}`}
      disabled={isOff || isBusy.value}
      onClick={onClick}
    >
      {name}
    </button>
  );
  return (
    <div class="card chosen-bar" role="region" aria-label={names.choose.bar}>
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      <b role="status">{names.choose.count(films.length)}</b>
      {button(names.choose.all, false, onAll)}
      {button(names.front, !versions.some(isMovable), () => void run(onFront))}
      {button(
        names.cancel,
        toCancel.length === 0,
        () => void run(() => toEach(toCancel, (id) => act(id, "cancel"))),
      )}
      {button(names.remove, films.length === 0, () => (isRemoving.value = true), "danger")}
      {button(names.choose.done, false, onDone, "primary")}
      {isRemoving.value && (
        <RemoveDialog
          films={films}
          onClose={() => (isRemoving.value = false)}
          onRemoved={() => {
            isRemoving.value = false;
            onRemoved();
          }}
        />
      )}
    </div>
  );
}
