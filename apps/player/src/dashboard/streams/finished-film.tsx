import { useSignal } from "@preact/signals";
import type { ExportAnswer, StreamStatus } from "@upreel/core";
import { call, urlOf } from "../../api/gateway.ts";
import { Icon } from "../../components/icon.tsx";
import { Problem } from "../../components/problem.tsx";
import { bytes } from "../../format.ts";
import { strings } from "../../strings.ts";

/** What can be done with a film that is ready: its size, a download, one file with all tracks. */
export function FinishedFilm({ status }: { readonly status: StreamStatus }) {
  const exported = useSignal<ExportAnswer | "busy" | undefined>(undefined);
  const problem = useSignal<unknown>(undefined);
  const names = strings.streams;
  const url = urlOf(`hls/${status.id}/archive.ts`);
  const write = (): void => {
    exported.value = "busy";
    problem.value = undefined;
    call<ExportAnswer>(`streams/${status.id}/export`, { method: "POST" }).then(
      (answer) => (exported.value = answer),
      (thrown: unknown) => {
        exported.value = undefined;
        problem.value = thrown;
      },
    );
  };
  return (
    <>
      <p class="finished">
        <a class="button" href={url} download={`${status.title}.ts`}>
          <Icon name="download" />
          {names.download}
          {status.size_bytes !== null && <span class="quiet">{bytes(status.size_bytes)}</span>}
        </a>
        <button type="button" class="button" disabled={exported.value === "busy"} onClick={write}>
          {exported.value === "busy" && <span class="spinner" />}
          {names.export}
        </button>
      </p>
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      {exported.value !== undefined && exported.value !== "busy" && (
        <p class="quiet small" role="status">
          {names.exported(exported.value.file)}
        </p>
      )}
    </>
  );
}
