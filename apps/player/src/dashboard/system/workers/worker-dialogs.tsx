import { useSignal } from "@preact/signals";
import type { FarmJoin, FarmWorker } from "@upreel/core";
import type { ComponentChildren } from "preact";
import { call, send } from "../../../api/gateway.ts";
import { CommandLine } from "../../../components/command-line.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { CheckField, TextField } from "../../../components/form-fields.tsx";
import { isLoopback } from "../../../components/is-loopback.ts";
import { Problem } from "../../../components/problem.tsx";
import { strings } from "../../../strings.ts";
import { limitsChange } from "./worker-limits.ts";

interface AskDialogProps {
  readonly title: string;
  /** Undefined: it is done, and there is only something to read. */
  readonly act: string | undefined;
  readonly isDanger?: boolean;
  /** Rejects with what is wrong. */
  readonly onAct: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A dialog that does one thing, and says why when that fails. */
function AskDialog({ title, act, isDanger = false, onAct, onClose, children }: AskDialogProps) {
  const problem = useSignal<unknown>(undefined);
  const isBusy = useSignal(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    isBusy.value = true;
    problem.value = undefined;
    onAct()
      .catch((thrown: unknown) => (problem.value = thrown))
      .finally(() => (isBusy.value = false));
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        act !== undefined && (
          <>
            <button type="button" class="button" onClick={onClose}>
              {strings.cancel}
            </button>
            <button
              type="submit"
              form="ask"
              class={isDanger ? "button danger" : "button primary"}
              disabled={isBusy.value}
            >
              {act}
            </button>
          </>
        )
      }
    >
      <form id="ask" class="stacked-form" onSubmit={submit}>
        {children}
        {problem.value !== undefined && <Problem thrown={problem.value} />}
      </form>
    </Dialog>
  );
}

/** Asks for a name, and shows the line to type and the key, once. */
export function AddWorkerDialog({ onClose }: { readonly onClose: () => void }) {
  const names = strings.system.farm;
  const name = useSignal("");
  const made = useSignal<FarmJoin | undefined>(undefined);
  const add = async (): Promise<void> => {
    made.value = await call<FarmJoin>("farm/workers", {
      ...{ method: "POST", body: { name: name.value.trim() } },
    });
  };
  const join = made.value;
  // One dialog for both: whatever replaced it would be closed with it.
  return (
    <AskDialog
      {...{ title: join?.name ?? names.add, act: join === undefined ? names.make : undefined }}
      {...{ onAct: add, onClose }}
    >
      {join === undefined ? (
        <TextField
          label={names.name}
          value={name.value}
          placeholder="gaming-pc"
          note={names.nameNote}
          isNeeded
          onInput={(text) => (name.value = text)}
        />
      ) : (
        <HowToJoin join={join} />
      )}
    </AskDialog>
  );
}

function HowToJoin({ join }: { readonly join: FarmJoin }) {
  const names = strings.system.farm;
  const [address = ""] = join.join;
  const isOwn = URL.canParse(address) && isLoopback(new URL(address).hostname);
  return (
    <>
      <p>{names.type}</p>
      <CommandLine text={`npm run worker -- --join ${address}`} />
      <p>{names.key}</p>
      <CommandLine text={join.key} />
      {isOwn && <p class="small">{names.own}</p>}
    </>
  );
}

interface WorkerDialogProps {
  readonly worker: FarmWorker;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function RemoveWorkerDialog({ worker: { name }, onDone, onClose }: WorkerDialogProps) {
  const names = strings.system.farm;
  const remove = async (): Promise<void> => {
    await send(`farm/workers/${name}`, { method: "DELETE" });
    onDone();
  };
  return (
    <AskDialog
      {...{ title: names.removeTitle(name), act: names.remove, isDanger: true }}
      {...{ onAct: remove, onClose }}
    >
      <p>{names.removeText}</p>
    </AskDialog>
  );
}

export function WorkerLimitsDialog({ worker, onDone, onClose }: WorkerDialogProps) {
  const names = strings.system.farm;
  const { streams, hours, weight, megabits, while_in_use: whileInUse } = worker.limits;
  const form = useSignal({
    ...{ streams: streams?.toString() ?? "", hours: hours ?? "" },
    ...{ weight: weight?.toString() ?? "", megabits: megabits?.toString() ?? "", whileInUse },
  });
  const change = (part: Partial<typeof form.value>) => (form.value = { ...form.value, ...part });
  const save = async (): Promise<void> => {
    const body = limitsChange(form.value);
    await send(`farm/workers/${worker.name}`, { method: "PATCH", body });
    onDone();
  };
  return (
    <AskDialog
      {...{ title: names.limitsOf(worker.name), act: names.save }}
      {...{ onAct: save, onClose }}
    >
      <TextField
        {...{ label: names.streams, value: form.value.streams, placeholder: "1" }}
        onInput={(text) => change({ streams: text })}
      />
      <TextField
        {...{ label: names.hours, value: form.value.hours, placeholder: "22:00-07:00" }}
        onInput={(text) => change({ hours: text })}
      />
      <TextField
        {...{ label: names.weight, value: form.value.weight, placeholder: "1" }}
        note={names.weightNote}
        onInput={(text) => change({ weight: text })}
      />
      <TextField
        {...{ label: names.megabits, value: form.value.megabits, note: names.megabitsNote }}
        onInput={(text) => change({ megabits: text })}
      />
      <CheckField
        label={names.whileInUse}
        isOn={form.value.whileInUse}
        onChange={(isOn) => change({ whileInUse: isOn })}
      />
    </AskDialog>
  );
}
