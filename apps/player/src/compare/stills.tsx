import { signal, useSignal, type Signal } from "@preact/signals";
import type { CompareAnswer } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { call, send } from "../api/gateway.ts";
import { Problem } from "../components/problem.tsx";
import { factLine, times } from "../format.ts";
import { modelUses } from "../stream/model-on.ts";
import { strings } from "../strings.ts";

type StillEntry = CompareAnswer["pictures"][number];

/** A picture that is made on demand, which takes a network a moment. */
type Made =
  | { readonly kind: "waiting" | "making" }
  | { readonly kind: "made"; readonly url: string; readonly inferenceMs: number | null }
  | { readonly kind: "failed"; readonly thrown: unknown };

interface StillsProps {
  readonly id: string;
  /** Number of the frame. */
  readonly frame: number;
}

/** One frame by every model side by side, with what each costs. Made one after the other. */
export function Stills({ id, frame }: StillsProps) {
  const pictures = useSignal<
    readonly { readonly entry: StillEntry; readonly made: Signal<Made> }[]
  >([]);
  const problem = useSignal<unknown>(undefined);
  /** Where all of them are looked at closely, in shares; nowhere: as a whole. */
  const spot = useSignal<readonly [number, number] | undefined>(undefined);
  useEffect(() => {
    const closing = new AbortController();
    const load = async (): Promise<void> => {
      const { signal: aborted } = closing;
      problem.value = undefined;
      const answer = await call<CompareAnswer>(`compare/${id}?n=${frame}`, { signal: aborted });
      pictures.value = answer.pictures.map((entry) => ({
        entry,
        made: signal<Made>({ kind: "waiting" }),
      }));
      for (const { entry, made } of pictures.value)
        if (entry.reason === null) made.value = await make(id, frame, entry, made, aborted);
    };
    load().catch((thrown: unknown) => {
      if (!closing.signal.aborted) problem.value = thrown;
    });
    return () => {
      closing.abort();
      for (const { made } of pictures.peek())
        if (made.value.kind === "made") URL.revokeObjectURL(made.value.url);
      pictures.value = [];
    };
  }, [id, frame]);
  if (problem.value !== undefined) return <Problem thrown={problem.value} />;
  if (pictures.value.length === 0) return <div class="skeleton still-skeleton" />;
  return (
    <ul class="stills">
      {pictures.value.map(({ entry, made }) => (
        <Still key={entry.model} entry={entry} made={made.value} spot={spot} />
      ))}
    </ul>
  );
}

async function make(
  id: string,
  frame: number,
  { model }: StillEntry,
  made: Signal<Made>,
  aborted: AbortSignal,
): Promise<Made> {
  made.value = { kind: "making" };
  try {
    const path = `frame/${id}?n=${frame}&model=${encodeURIComponent(model)}`;
    const response = await send(path, { signal: aborted });
    const timing = /inference;dur=([\d.]+)/.exec(response.headers.get("Server-Timing") ?? "")?.[1];
    const url = URL.createObjectURL(await response.blob());
    return { kind: "made", url, inferenceMs: timing === undefined ? null : Number(timing) };
  } catch (thrown) {
    if (aborted.aborted) throw thrown;
    return { kind: "failed", thrown };
  }
}

interface StillProps {
  readonly entry: StillEntry;
  readonly made: Made;
  readonly spot: Signal<readonly [number, number] | undefined>;
}

function Still({ entry, made, spot }: StillProps) {
  const names = strings.compare;
  const [x, y] = spot.value ?? [0.5, 0.5];
  const look = (event: PointerEvent): void => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    spot.value = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  const cost = [
    entry.fps === null ? undefined : names.fps(entry.fps),
    entry.speed === null ? undefined : times(entry.speed),
    made.kind === "made" && made.inferenceMs !== null ? names.took(made.inferenceMs) : undefined,
  ].filter((part) => part !== undefined);
  return (
    <li class="card still">
      <div
        class="still-picture"
        onPointerMove={look}
        onPointerLeave={() => (spot.value = undefined)}
      >
        {made.kind === "made" && (
          <img
            src={made.url}
            alt={names.stillOf(entry.model)}
            style={{
              transformOrigin: `${x * 100}% ${y * 100}%`,
              transform: spot.value === undefined ? "none" : "scale(4)",
            }}
          />
        )}
        {made.kind === "making" && <span class="spinner" />}
      </div>
      <div>
        <h3>{entry.model === "original" ? strings.watch.original : entry.model}</h3>
        <p class="quiet small">{entry.reason ?? modelUses(entry.description)}</p>
        {made.kind === "failed" && <Problem thrown={made.thrown} />}
        {cost.length > 0 && <p class="small figures-text">{factLine(cost)}</p>}
      </div>
    </li>
  );
}
