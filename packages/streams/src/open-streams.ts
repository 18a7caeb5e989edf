import type { Clock, StreamFolder, StreamRecord } from "@upreel/core";
import type { Dispatcher } from "./dispatcher.ts";
import { GROWS_WITHIN_MS } from "./growth/watch-growth.ts";
import type { InVain } from "./in-vain.ts";
import type { Workers } from "./ports.ts";
import type { createRegister } from "./register.ts";
import type { Stream } from "./stream-api.ts";
import { createStream } from "./stream.ts";
import type { StreamEvent } from "./streams-api.ts";
import type { StreamsDependencies, StreamsOptions } from "./streams-options.ts";

export const LOOK_EVERY_MS = 1_000;

export interface OpenerParts {
  readonly register: ReturnType<typeof createRegister>;
  readonly dispatcher: Dispatcher;
  readonly workers: Workers;
  readonly tell: (event: StreamEvent) => void;
  readonly steadyClock: Clock;
  readonly onInVain: (frames: InVain) => void;
}

/** Makes streams of records and their folders. */
export function createOpener(
  deps: StreamsDependencies,
  options: StreamsOptions,
  { register, dispatcher, workers, tell, steadyClock, onInVain }: OpenerParts,
) {
  const isAlone = (): boolean => {
    const runs = register.all().flatMap((each) => each.runs());
    return runs.filter(({ live }) => live.phase === "working").length === 1;
  };

  function build(record: StreamRecord, folder: StreamFolder): Stream {
    const stream = createStream(record, folder, {
      ...deps,
      ...{ workers, steadyClock, onInVain },
      remakes: options.remakes,
      lookEveryMs: options.lookEveryMs ?? LOOK_EVERY_MS,
      growthTimeoutMs: options.growthTimeoutMs ?? GROWS_WITHIN_MS,
      onChange(status) {
        if (!stream.isPrepared) tell({ type: "status", status });
      },
      onNeed: () => dispatcher.dispatch(),
      onWanted: () => dispatcher.admit(stream),
      onSpeed(rung, output, framesPerSecond) {
        if (isAlone()) deps.speeds?.note(rung, output, framesPerSecond);
      },
    });
    return stream;
  }

  return {
    build,
    open: async (record: StreamRecord): Promise<Stream> =>
      build(record, await deps.folders.create(record)),
  };
}
