import { useSignal } from "@preact/signals";
import type { ModelEntry } from "@upreel/core";
import { call } from "../../api/gateway.ts";
import { Icon } from "../../components/icon.tsx";
import { Problem } from "../../components/problem.tsx";
import { strings } from "../../strings.ts";

/** A place to drop an ONNX file on; the gateway tries it out and keeps it, or says why not. */
export function ModelDrop({ onImported }: { readonly onImported: () => void }) {
  const isOver = useSignal(false);
  const busyWith = useSignal<string | undefined>(undefined);
  const problem = useSignal<unknown>(undefined);
  const names = strings.models;
  const take = async (files: FileList | null | undefined): Promise<void> => {
    problem.value = undefined;
    for (const file of files ?? []) {
      busyWith.value = file.name;
      const form = new FormData();
      form.append("file", file);
      try {
        await call<ModelEntry>("models/import", { method: "POST", body: form });
      } catch (thrown) {
        problem.value = thrown;
      }
      onImported();
    }
    busyWith.value = undefined;
  };
  return (
    <>
      <label
        class={isOver.value ? "card drop over" : "card drop"}
        onDragOver={(event) => {
          event.preventDefault();
          isOver.value = true;
        }}
        onDragLeave={() => (isOver.value = false)}
        onDrop={(event) => {
          event.preventDefault();
          isOver.value = false;
          void take(event.dataTransfer?.files);
        }}
      >
        {busyWith.value === undefined ? <Icon name="plus" /> : <span class="spinner" />}
        <span role="status">
          {busyWith.value === undefined ? names.drop : names.trying(busyWith.value)}
        </span>
        <input
          class="hidden-text"
          type="file"
          aria-label={names.drop}
          accept=".onnx"
          disabled={busyWith.value !== undefined}
          onChange={(event) => {
            const { currentTarget } = event;
            void take(currentTarget.files).then(() => (currentTarget.value = ""));
          }}
        />
      </label>
      {problem.value !== undefined && <Problem thrown={problem.value} />}
    </>
  );
}
