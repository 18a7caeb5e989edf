import type { Log } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import { createToneMapper } from "./hardware/tone-mapper.ts";
import { untilBusy, untilIdle } from "./measure/until-idle.ts";
import { createEncoderTrials } from "./plan/encoder-trials.ts";
import type { EngineSettings } from "./settings.ts";

/** What is tried out on this machine when nothing else takes its time. */
export function openTrials(
  settings: EngineSettings,
  log: Log,
  running: () => Streams | undefined,
  signal: AbortSignal,
) {
  const quiet = {
    signal,
    untilIdle: async (): Promise<void> => {
      const streams = running();
      if (streams !== undefined) await untilIdle(streams, signal);
    },
    untilBusy: () => {
      const streams = running();
      return streams === undefined ? NEVER_BUSY : untilBusy(streams);
    },
  };
  const encoderFor = createEncoderTrials(settings.ffmpeg, log);
  const encoder = encoderFor(settings.videoEncoder);
  const toneMapping = createToneMapper({
    ...{ settings, log, ...quiet },
    // One trial after the other: a GPU may refuse both at once.
    untilQuiet: () => encoder.then(quiet.untilIdle, quiet.untilIdle),
  });
  const over = Promise.allSettled([encoder, toneMapping.chosen]);
  return { quiet, encoderFor, encoder, toneMapping, over };
}

const NEVER_BUSY = { signal: new AbortController().signal, [Symbol.dispose]: () => undefined };

export const logEncoder = (found: Promise<string>, log: Log): Promise<void> =>
  found.then(
    (encoder) => log.info(`Encoder ${encoder}`),
    (error: unknown) => log.error("No video encoder works here", { error }),
  );
