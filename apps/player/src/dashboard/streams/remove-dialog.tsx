import { useSignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { Dialog } from "../../components/dialog.tsx";
import { Problem } from "../../components/problem.tsx";
import { strings } from "../../strings.ts";
import { remove, toEach } from "../../stream/actions.ts";

interface RemoveDialogProps {
  /** Each with the versions of it that are deleted. */
  readonly films: readonly {
    readonly title: string;
    readonly versions: readonly Pick<StreamStatus, "id" | "state">[];
  }[];
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
    const ids = films.flatMap(({ versions }) => versions.map(({ id }) => id));
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
  const [version, ...others] = films.flatMap(({ versions }) => versions);
  if (others.length > 0) return removeSeveralText;
  return version?.state === "complete" ? removeFinished : removeText;
}
