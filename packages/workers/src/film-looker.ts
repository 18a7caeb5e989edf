import { UpreelError, type Log } from "@upreel/core";
import {
  LOOK_PROCESS,
  lookEventSchema,
  type FilmLookAnswer,
  type LookCommand,
  type LookEvent,
  type TakeLook,
} from "@upreel/media";
import { createAskedProcess } from "./asked-process.ts";

/** Looks at pictures of films in one process that stays; it is there before the first film is. */
export interface FilmLooker extends AsyncDisposable {
  /** Rejects with the abort reason, `timeout`, `worker_lost`, or what could not be decoded. */
  readonly look: TakeLook;
}

/** What ffmpeg needs is bounded in the process itself; who says nothing for longer hangs. */
const GRACE_MS = 5_000;
/** Who gives up goes on when the ffmpeg is gone; not for the sake of a process that hangs. */
const CANCEL_MS = 1_000;
/** A process may have been killed for want of memory: the look is begun once more. */
const TRIES = 2;

/** Starts the process; another one is started when one is gone and something is to be looked at. */
export function createFilmLooker({
  log,
  graceMs = GRACE_MS,
  cancelMs = CANCEL_MS,
  script = LOOK_PROCESS,
}: {
  readonly log: Pick<Log, "warn">;
  readonly graceMs?: number;
  readonly cancelMs?: number;
  readonly script?: string;
}): FilmLooker {
  const looking = createAskedProcess<LookCommand, LookEvent, FilmLookAnswer>({
    order: { command: [process.execPath, script], hasGroup: true, stderr: "tail" },
    schema: lookEventSchema,
    settle(event, asked) {
      if (event.type === "seen") asked.resolve(event.answer);
      else asked.reject(new Error(event.message));
    },
    lost: (got) =>
      new UpreelError("worker_lost", "the process that looks at films is gone", {
        ...{ expected: "what is seen in the film", got },
      }),
    onLost: (end) => log.warn(`The process that looks at films is gone: ${end}`),
    cancelMs,
  });
  looking.start();

  const ask: TakeLook = (look, signal) => {
    const longestMs = look.longestMs + graceMs;
    const tooLong = (): UpreelError => {
      log.warn(
        `The process that looks at films did not answer in ${longestMs / 1000} s: another one is started`,
      );
      return new UpreelError("timeout", "examining the film took too long", {
        ...{ expected: `at most ${longestMs / 1000} s`, got: "no end" },
      });
    };
    return looking.ask((id) => ({ type: "look", id, look }), { signal, longestMs, tooLong });
  };

  return {
    async look(look, signal) {
      for (let left = TRIES - 1; ; left -= 1) {
        try {
          return await ask(look, signal);
        } catch (thrown) {
          signal.throwIfAborted();
          const isLost = thrown instanceof UpreelError && thrown.code === "worker_lost";
          if (!isLost || left <= 0) throw thrown;
        }
      }
    },
    [Symbol.asyncDispose]: () => looking[Symbol.asyncDispose](),
  };
}
