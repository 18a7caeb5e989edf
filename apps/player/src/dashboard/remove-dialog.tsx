import { useSignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { Dialog } from "../components/dialog.tsx";
import { Problem } from "../components/problem.tsx";
import { strings } from "../strings.ts";
import { remove, toEach } from "./actions.ts";

interface RemoveDialogProps {
  readonly films: readonly Pick<StreamStatus, "id" | "title" | "state">[];
  readonly onClose: () => void;
  /** All of them are deleted. */
  readonly onRemoved: () => void;
}

/** Asks before streams are deleted. */
export function RemoveDialog({ films, onClose, onRemoved }: RemoveDialogProps) {
  const problem = useSignal<unknown>(undefined);
  const isBusy = useSignal(false);
  const confirm = (): void => {
    isBusy.value = true;
    const ids = films.map(({ id }) => id);
    // The card goes with the stream.
    toEach(ids, remove).then(onRemoved, (thrown: unknown) => {
      problem.value = thrown;
      isBusy.value = false;
    });
  };
  const { removeTitle, removeSeveral } = strings.streams;
  const [first] = films;
  const isOne = films.length === 1 && first !== undefined;
  return (
    <Dialog
      title={isOne ? removeTitle(first.title) : removeSeveral(films.length)}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="button" onClick={onClose}>
            {strings.cancel}
          </button>
          <button type="button" class="button danger" disabled={isBusy.value} onClick={confirm}>
            {strings.streams.remove}
          </button>
        </>
      }
    >
      <p>{textFor(films)}</p>
      {problem.value !== undefined && <Problem thrown={problem.value} />}
    </Dialog>
  );
}

function textFor(films: RemoveDialogProps["films"]): string {
  const { removeText, removeFinished, removeSeveralText } = strings.streams;
  if (films.length !== 1) return removeSeveralText;
  return films[0]?.state === "complete" ? removeFinished : removeText;
}
