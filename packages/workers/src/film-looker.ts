import { UpreelError, type Log } from "@upreel/core";
import {
  LOOK_PROCESS,
  lookEventSchema,
  type FilmLookAnswer,
  type LookCommand,
  type LookEvent,
  type TakeLook,
} from "@upreel/media";
import { startPeer, type Peer } from "@upreel/processes";

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

interface Process {
  readonly peer: Peer<LookCommand>;
  readonly waiting: Map<number, PromiseWithResolvers<FilmLookAnswer>>;
}

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
  let isClosed = false;
  let last = 0;
  let current = startProcess(script, log);

  const ask: TakeLook = async (look, signal) => {
    signal.throwIfAborted();
    if (isClosed) throw new UpreelError("cancelled", "Upreel shuts down");
    if (!current.peer.isAlive) current = startProcess(script, log);
    const { peer, waiting } = current;
    const id = (last += 1);
    const answer = Promise.withResolvers<FilmLookAnswer>();
    waiting.set(id, answer);
    let givenUp: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      peer.send({ type: "cancel", id });
      givenUp = setTimeout(() => answer.reject(signal.reason), cancelMs);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    const longestMs = look.longestMs + graceMs;
    const hung = setTimeout(() => {
      answer.reject(tooLong(longestMs));
      log.warn(
        `The process that looks at films did not answer in ${longestMs / 1000} s: another one is started`,
      );
      peer.kill();
    }, longestMs);
    try {
      peer.send({ type: "look", id, look });
      const seen = await answer.promise;
      signal.throwIfAborted();
      return seen;
    } finally {
      clearTimeout(hung);
      clearTimeout(givenUp);
      signal.removeEventListener("abort", onAbort);
      waiting.delete(id);
    }
  };

  return {
    async look(look, signal) {
      for (let left = TRIES - 1; ; left -= 1) {
        try {
          return await ask(look, signal);
        } catch (thrown) {
          signal.throwIfAborted();
          const isLost = thrown instanceof UpreelError && thrown.code === "worker_lost";
          if (!isLost || left <= 0 || isClosed) throw thrown;
        }
      }
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      current.peer.kill();
      await current.peer.ended;
    },
  };
}

function startProcess(script: string, log: Pick<Log, "warn">): Process {
  const waiting: Process["waiting"] = new Map();
  const peer = startPeer<LookCommand, LookEvent>(
    { command: [process.execPath, script], hasGroup: true, stderr: "tail" },
    {
      schema: lookEventSchema,
      onMessage(event) {
        const answer = waiting.get(event.id);
        if (event.type === "seen") answer?.resolve(event.answer);
        else answer?.reject(new Error(event.message));
      },
    },
  );
  void peer.ended.then(({ how, stderr, isGivenUp }) => {
    const got = stderr === "" ? how : `${how}: ${stderr.slice(-500)}`;
    if (!isGivenUp) log.warn(`The process that looks at films is gone: ${got}`);
    const lost = new UpreelError("worker_lost", "the process that looks at films is gone", {
      ...{ expected: "what is seen in the film", got },
    });
    for (const answer of waiting.values()) answer.reject(lost);
  });
  return { peer, waiting };
}

const tooLong = (longestMs: number): UpreelError =>
  new UpreelError("timeout", "examining the film took too long", {
    ...{ expected: `at most ${longestMs / 1000} s`, got: "no end" },
  });
