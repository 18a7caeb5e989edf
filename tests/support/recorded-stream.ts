import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { PlaylistChecker, variantProblems } from "@upreel/testkit";

/** A segment is listed once it is safe on the disk, which takes as long as it takes: a list that late hangs. */
const LATE_MS = 60_000;

/** Asks the gateway; undefined: nobody answered in time. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response | undefined>;

/** Every version of the playlists of one stream, as the disk and the gateway tell them. */
export class RecordedStream {
  readonly live = new PlaylistChecker("live", { lateMs: LATE_MS });
  readonly whole = new PlaylistChecker("vod");
  readonly #id: string;
  readonly #folder: string;
  readonly #ask: Ask;
  /** Live versions whose segments were asked for. */
  #fetched = 0;
  #isGone = false;

  constructor(id: string, dataDir: string, ask: Ask) {
    this.#id = id;
    this.#folder = join(dataDir, "streams", id);
    this.#ask = ask;
  }

  /** The film is made anew: what was told before is over. */
  async startAnew(): Promise<void> {
    await this.readDisk();
    this.live.startAnew();
    this.whole.startAnew();
    this.#fetched = 0;
  }

  /** What the disk says; the time of a file tells when its version could first be seen. */
  async readDisk(): Promise<void> {
    const segments = join(this.#folder, "segments");
    for (const name of await readdir(segments).catch(() => [])) {
      const found = await stat(join(segments, name)).catch(() => undefined);
      if (found !== undefined) this.live.notePublished(`segments/${name}`, found.ctimeMs);
    }
    const path = join(this.#folder, "live.m3u8");
    const [text, found] = await Promise.all([
      readFile(path, "utf8").catch(() => undefined),
      stat(path).catch(() => undefined),
    ]);
    if (text !== undefined && found !== undefined) this.live.add({ text, atMs: found.mtimeMs });
  }

  async look(): Promise<void> {
    await this.readDisk();
    const { versions } = this.live;
    if (versions.length === this.#fetched) return;
    const uris = versions.slice(-2).flatMap(({ segments }) => segments.map(({ uri }) => uri));
    this.#fetched = versions.length;
    await this.#askForSegments(new Set(uris));
    await this.askForPlaylists();
  }

  /** Its folder is not there any more. */
  async lookForGone(): Promise<void> {
    if (this.#isGone || this.live.versions.length === 0) return;
    const answer = await this.#ask(`hls/${this.#id}/live.m3u8`);
    if (answer === undefined) return;
    this.#isGone = true;
    this.live.noteGone({ status: answer.status, atMs: Date.now() });
  }

  async askForPlaylists(): Promise<void> {
    const { live, whole } = this;
    for (const [name, checker] of [
      ["live.m3u8", live],
      ["stream.m3u8", whole],
    ] as const) {
      const answer = await this.#ask(`hls/${this.#id}/${name}`);
      const text = answer?.ok === true ? await answer.text().catch(() => undefined) : undefined;
      if (answer === undefined || text === undefined) continue;
      if (checker === whole) whole.add({ text, atMs: Date.now() });
      checker.noteAnswer({ text, encoding: answer.headers.get("content-encoding") });
    }
  }

  /** Rules that were broken, by itself or between both playlists. */
  problems(): readonly string[] {
    const [a, b] = [this.live.versions.at(-1), this.whole.versions.at(-1)];
    const variants = a === undefined || b === undefined ? [] : variantProblems(a, b);
    return [...this.live.problems, ...this.whole.problems, ...variants];
  }

  /** What the newest version lists, and what the one before listed. */
  async #askForSegments(uris: ReadonlySet<string>): Promise<void> {
    const answers = [...uris].map(async (uri) => {
      const answer = await this.#ask(`hls/${this.#id}/${uri}`, { method: "HEAD" });
      if (answer === undefined) return;
      const length = answer.headers.get("content-length");
      const bytes = length === null ? undefined : Number(length);
      this.live.noteSegment({ uri, status: answer.status, bytes, atMs: Date.now() });
    });
    await Promise.all(answers);
  }
}
