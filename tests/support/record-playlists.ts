import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PlaylistChecker, variantProblems } from "@upreel/testkit";

/** Versions of a live playlist are a second apart. */
const LOOK_EVERY_MS = 50;
const HEALTH_EVERY_MS = 200;
/** A segment is listed once it is safe on the disk, which takes as long as it takes: a list that late hangs. */
const LATE_MS = 60_000;
/** A gateway that takes longer is taken to be away. */
const ANSWER_WITHIN_MS = 2000;

interface Recorded {
  readonly live: PlaylistChecker;
  readonly whole: PlaylistChecker;
  /** Live versions whose segments were asked for. */
  fetched: number;
  isGone: boolean;
}

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
  const recorded = new Map<string, Recorded>();
  const stopping = new AbortController();
  let url: string | undefined;

  const recordedOf = (id: string): Recorded => {
    const found = recorded.get(id) ?? {
      live: new PlaylistChecker("live", { lateMs: LATE_MS }),
      whole: new PlaylistChecker("vod"),
      fetched: 0,
      isGone: false,
    };
    recorded.set(id, found);
    return found;
  };

  /** Undefined: nobody answered in time. */
  const ask = async (path: string, init: RequestInit = {}) => {
    if (url === undefined) return undefined;
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return fetch(`${url}/${path}`, { ...init, signal }).catch(() => undefined);
  };

  /** What the disk says; the time of a file tells when its version could first be seen. */
  const readDisk = async (id: string): Promise<void> => {
    const { live } = recordedOf(id);
    const folder = join(dataDir, "streams", id);
    for (const name of await readdir(join(folder, "segments")).catch(() => [])) {
      const found = await stat(join(folder, "segments", name)).catch(() => undefined);
      if (found !== undefined) live.notePublished(`segments/${name}`, found.ctimeMs);
    }
    const path = join(folder, "live.m3u8");
    const [text, found] = await Promise.all([
      readFile(path, "utf8").catch(() => undefined),
      stat(path).catch(() => undefined),
    ]);
    if (text !== undefined && found !== undefined) live.add({ text, atMs: found.mtimeMs });
  };

  const askForPlaylists = async (id: string): Promise<void> => {
    const { live, whole } = recordedOf(id);
    for (const [name, checker] of [
      ["live.m3u8", live],
      ["stream.m3u8", whole],
    ] as const) {
      const answer = await ask(`hls/${id}/${name}`);
      const text = answer?.ok === true ? await answer.text().catch(() => undefined) : undefined;
      if (answer === undefined || text === undefined) continue;
      if (checker === whole) whole.add({ text, atMs: Date.now() });
      checker.noteAnswer({ text, encoding: answer.headers.get("content-encoding") });
    }
  };

  /** What the newest version lists, and what the one before listed. */
  const askForSegments = async (id: string, uris: ReadonlySet<string>): Promise<void> => {
    const { live } = recordedOf(id);
    const answers = [...uris].map(async (uri) => {
      const answer = await ask(`hls/${id}/${uri}`, { method: "HEAD" });
      if (answer === undefined) return;
      const length = answer.headers.get("content-length");
      const bytes = length === null ? undefined : Number(length);
      live.noteSegment({ uri, status: answer.status, bytes, atMs: Date.now() });
    });
    await Promise.all(answers);
  };

  const look = async (id: string): Promise<void> => {
    const entry = recordedOf(id);
    await readDisk(id);
    const { versions } = entry.live;
    if (versions.length === entry.fetched) return;
    const uris = versions.slice(-2).flatMap(({ segments }) => segments.map(({ uri }) => uri));
    entry.fetched = versions.length;
    await askForSegments(id, new Set(uris));
    await askForPlaylists(id);
  };

  const lookForGone = async (ids: readonly string[]): Promise<void> => {
    for (const [id, entry] of recorded) {
      if (entry.isGone || ids.includes(id) || entry.live.versions.length === 0) continue;
      const answer = await ask(`hls/${id}/live.m3u8`);
      if (answer === undefined) continue;
      entry.isGone = true;
      entry.live.noteGone({ status: answer.status, atMs: Date.now() });
    }
  };

  const watchStreams = async (): Promise<void> => {
    const ids = await readdir(join(dataDir, "streams")).catch(() => []);
    const streams = ids.filter((id) => !id.includes("."));
    await Promise.all(streams.map(look));
    await lookForGone(streams);
  };

  const repeat = async (what: () => Promise<void>, everyMs: number): Promise<void> => {
    while (!stopping.signal.aborted) {
      await what();
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
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
    repeat(watchStreams, LOOK_EVERY_MS),
    repeat(watchHealth, HEALTH_EVERY_MS),
  ]);
  return {
    serveFrom(next) {
      url = next;
    },
    allowCut: (id) => recordedOf(id).whole.allowCut(),
    async startAnew(id) {
      const entry = recordedOf(id);
      await readDisk(id);
      entry.live.startAnew();
      entry.whole.startAnew();
      entry.fetched = 0;
    },
    async finish() {
      stopping.abort();
      await watching;
      await Promise.all([...recorded.keys()].map(readDisk));
      // The last ones of both kinds: one may have been read before a source turned out to be short.
      await Promise.all([...recorded.keys()].map(askForPlaylists));
      return [...recorded].flatMap(([id, { live, whole }]) => {
        const [a, b] = [live.versions.at(-1), whole.versions.at(-1)];
        const variants = a === undefined || b === undefined ? [] : variantProblems(a, b);
        return [...live.problems, ...whole.problems, ...variants].map((each) => `${id}: ${each}`);
      });
    },
    versionCount: () =>
      [...recorded.values()].reduce((sum, { live }) => sum + live.versions.length, 0),
  };
}
