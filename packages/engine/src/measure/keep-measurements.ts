import type { RungMeasurement } from "@upreel/core";

type Measurements = readonly RungMeasurement[];

/** How far measuring is. */
interface Progress {
  /** `waiting`: until no film is being upscaled. */
  readonly state: "idle" | "waiting" | "running";
  readonly done: number;
  readonly total: number;
}

/** What the models can do on this machine, measured in the background. */
export interface MeasurementKeeper {
  /** The figures so far; before there are any, the first ones when they come. */
  current(): Promise<Measurements>;
  /** The figures so far. */
  known(): Measurements;
  /** Measures what is new. */
  refresh(): void;
  /** Measures everything, whatever is known. */
  measureAgain(): void;
  progress(): Progress;
  onProgress(listener: () => void): () => void;
  /** Begins nothing any more; settles when what is under way has ended, and written what it found. Never rejects. */
  close(): Promise<void>;
}

export interface KeeperParts {
  /** Gives all figures; it is not called twice at a time. */
  readonly measure: (order: {
    /** Also what is known. */
    readonly again: boolean;
    readonly onMeasured: (done: number, total: number) => void;
    /** Told what is known after each provider: the CPU's figures need not wait for a slow GPU. */
    readonly onProvider: (measured: Measurements) => void;
    /** `interrupted`: a film is being made; the rest is measured when there is time again. */
  }) => Promise<Measurements | "interrupted">;
  /** What is known of this machine at once, or found out within a second. */
  readonly first?: () => Promise<Measurements>;
  /** A model that is timed beside a running film seems slow for ever. */
  readonly untilIdle: () => Promise<void>;
}

export function keepMeasurements(parts: KeeperParts): MeasurementKeeper {
  const { measure, untilIdle } = parts;
  let first: Promise<Measurements> | undefined;
  let known: Measurements | undefined;
  let last: Promise<Measurements> | undefined;
  let underWay: Promise<unknown> | undefined;
  let asked: "nothing" | "new" | "all" = "nothing";
  let isClosed = false;
  let progress: Progress = { state: "idle", done: 0, total: 0 };
  const listeners = new Set<() => void>();

  function tell(next: Progress): void {
    progress = next;
    for (const listener of listeners) listener();
  }

  /** Undefined where nobody can tell: then the first figures are those that are measured. */
  const look = (): Promise<Measurements> | undefined =>
    parts.first?.().then(
      (found) => (known ??= found),
      () => known ?? [],
    );

  async function run(): Promise<Measurements> {
    let measured: Measurements = [];
    while (asked !== "nothing") {
      tell({ state: "waiting", done: 0, total: 0 });
      await first;
      await untilIdle();
      if (isClosed) break;
      const again = asked === "all";
      asked = "nothing";
      tell({ state: "running", done: 0, total: 0 });
      const onMeasured = (done: number, total: number): void =>
        tell({ state: "running", done, total });
      const onProvider = (soFar: Measurements): void => {
        // What was known of others before stays until they are measured again.
        const isNew = ({ model, provider }: RungMeasurement): boolean =>
          !soFar.some((each) => each.model === model && each.provider === provider);
        known = [...soFar, ...(known ?? []).filter(isNew)];
        tell(progress);
      };
      // A model that is deleted meanwhile: the next time tells.
      const measuring = measure({ again, onMeasured, onProvider }).catch(() => known ?? []);
      underWay = measuring;
      const result = await measuring;
      if (result === "interrupted") asked = again ? "all" : "new";
      else known = measured = result;
    }
    last = undefined;
    tell({ ...progress, state: "idle" });
    return measured;
  }

  return {
    current: async () => known ?? first ?? last ?? [],
    known: () => known ?? [],
    refresh() {
      if (isClosed) return;
      if (asked === "nothing") asked = "new";
      first ??= look();
      last ??= run();
    },
    measureAgain() {
      if (isClosed) return;
      asked = "all";
      last ??= run();
    },
    progress: () => progress,
    onProgress(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      isClosed = true;
      await Promise.all([first, underWay]);
    },
  };
}
