import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RecordedStream, type Ask } from "./recorded-stream.ts";

/** Versions of a live playlist are a second apart. */
const LOOK_EVERY_MS = 50;
const HEALTH_EVERY_MS = 200;
/** A gateway that takes longer is taken to be away. */
const ANSWER_WITHIN_MS = 2000;

/** Records every version of every playlist below a data folder and proves R1–R14 on them. */
export interface PlaylistRecorder {
  /** The gateway that answers from now on. */
  serveFrom(url: string): void;
  /** The film of this stream is made anew: what was told before is over. */
  startAnew(id: string): Promise<void>;
  /** The source of this stream ends early. */
  allowCut(id: string): void;
  /** Ends the recording: broken rules, each with its stream. */
  finish(): Promise<readonly string[]>;
  /** Versions of live playlists that were seen, to prove that it looked. */
  versionCount(): number;
}

export function recordPlaylists(dataDir: string): PlaylistRecorder {
  const recorded = new Map<string, RecordedStream>();
  const stopping = new AbortController();
  let url: string | undefined;

  const ask: Ask = async (path, init = {}) => {
    if (url === undefined) return undefined;
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return fetch(`${url}/${path}`, { ...init, signal }).catch(() => undefined);
  };

  const recordedOf = (id: string): RecordedStream => {
    const found = recorded.get(id) ?? new RecordedStream(id, dataDir, ask);
    recorded.set(id, found);
    return found;
  };

  const watchStreams = async (): Promise<void> => {
    const names = await readdir(join(dataDir, "streams")).catch(() => []);
    const ids = names.filter((name) => !name.includes("."));
    await Promise.all(ids.map((id) => recordedOf(id).look()));
    for (const [id, stream] of recorded) if (!ids.includes(id)) await stream.lookForGone();
  };

  /** Nobody can write a list in time while no gateway lives. */
  let awaySinceMs: number | undefined;
  const watchHealth = async (): Promise<void> => {
    const askedAtMs = Date.now();
    const isThere = (await ask("health"))?.ok === true;
    if (!isThere) awaySinceMs ??= askedAtMs;
    // A connection that waited for the next gateway is an absence, too.
    const fromMs = awaySinceMs ?? askedAtMs;
    if (!isThere || Date.now() - fromMs < HEALTH_EVERY_MS) return;
    for (const { live } of recorded.values()) live.noteAbsence(fromMs, Date.now());
    awaySinceMs = undefined;
  };

  const watching = Promise.all([
    repeat(watchStreams, LOOK_EVERY_MS, stopping.signal),
    repeat(watchHealth, HEALTH_EVERY_MS, stopping.signal),
  ]);
  return {
    serveFrom(next) {
      url = next;
    },
    allowCut: (id) => recordedOf(id).whole.allowCut(),
    startAnew: (id) => recordedOf(id).startAnew(),
    async finish() {
      stopping.abort();
      await watching;
      const streams = [...recorded.values()];
      await Promise.all(streams.map((stream) => stream.readDisk()));
      // The last ones of both kinds: one may have been read before a source turned out to be short.
      await Promise.all(streams.map((stream) => stream.askForPlaylists()));
      return [...recorded].flatMap(([id, stream]) =>
        stream.problems().map((problem) => `${id}: ${problem}`),
      );
    },
    versionCount: () =>
      [...recorded.values()].reduce((sum, { live }) => sum + live.versions.length, 0),
  };
}

async function repeat(
  what: () => Promise<void>,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await what();
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}
