import { useSignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { Dialog } from "../components/dialog.tsx";
import { Problem } from "../components/problem.tsx";
import { strings } from "../strings.ts";
import { remove } from "./actions.ts";

interface RemoveDialogProps {
  readonly status: StreamStatus;
  readonly onClose: () => void;
}

/** Asks before a stream is deleted. */
export function RemoveDialog({ status, onClose }: RemoveDialogProps) {
  const problem = useSignal<unknown>(undefined);
  const isBusy = useSignal(false);
  const confirm = (): void => {
    isBusy.value = true;
    // The card goes with the stream.
    remove(status.id).catch((thrown: unknown) => {
      problem.value = thrown;
      isBusy.value = false;
    });
  };
  const { removeTitle, removeText, removeFinished } = strings.streams;
  return (
    <Dialog
      title={removeTitle(status.title)}
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
      <p>{status.state === "complete" ? removeFinished : removeText}</p>
      {problem.value !== undefined && <Problem thrown={problem.value} />}
    </Dialog>
  );
}
