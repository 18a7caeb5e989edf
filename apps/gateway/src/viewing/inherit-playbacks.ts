import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { toUpreelError, type Leases, type Log } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import { peerFolder } from "../config/peer-folder.ts";
import { shared } from "../waiting/shared.ts";
import type { Entry } from "./playback.ts";
import type { Playbacks } from "./playbacks.ts";
import { PLAYBACKS_FILE, playbacksFile } from "./remember-playbacks.ts";

const LOOK_EVERY_MS = 1_000;
/** Whose stream it was may count as here for a moment longer. */
const MOST_LOOKS = 10;
/** Players report every ten seconds: of whom nothing was heard for so long, that one is gone, too. */
const RECENT_MS = 600_000;

export interface InheritParts {
  readonly streams: Pick<Streams, "ids" | "subscribe">;
  readonly leases: Pick<Leases, "others">;
  readonly dataDir: string;
  /** Of this gateway, beside those of the others. */
  readonly ownDir: string;
  readonly log: Pick<Log, "info" | "debug">;
}

/**
 * Who takes over the film of a gateway that is gone knows its viewers, too, and their ways back to the original: each gateway keeps what
 * clients play by it in the folder that all share.
 */
export function inheritPlaybacks(
  playbacks: Playbacks,
  { streams, leases, dataDir, ownDir, log }: InheritParts,
  lookEveryMs = LOOK_EVERY_MS,
): Disposable {
  /** Streams that came to this gateway just now, and how often their viewers are still to be looked for. */
  const fresh = new Map<string, number>(streams.ids().map((id) => [id, MOST_LOOKS]));
  const known = new Set<string>(fresh.keys());

  /** Of gateways that are not here. */
  async function gone(): Promise<readonly string[]> {
    const living = leases.others.map((address) => peerFolder(dataDir, address));
    const folders = (await readdir(dirname(ownDir))).map((name) => join(dirname(ownDir), name));
    return folders.filter((folder) => folder !== ownDir && !living.includes(folder));
  }

  function isNews({ playback, report }: Entry): boolean {
    const { viewer, itemId, begunAtMs, isShared } = playback;
    const seenAtMs = Math.max(begunAtMs, report?.atMs ?? 0);
    if (playbacks.ageMs({ begunAtMs: seenAtMs }) > RECENT_MS) return false;
    // One device plays one film at a time: whatever it began since then is what it plays now.
    const newest = playbacks.latest(viewer, isShared === true ? itemId : undefined);
    return (newest?.playback.begunAtMs ?? -Infinity) < begunAtMs;
  }

  const look = shared(async () => {
    if (fresh.size === 0) return;
    for (const folder of await gone()) {
      const { entries = [] } =
        (await playbacksFile(join(folder, PLAYBACKS_FILE)).readOrForget()) ?? {};
      const news = entries.filter(
        (entry) => fresh.has(entry.playback.streamId ?? "") && isNews(entry),
      );
      if (news.length === 0) continue;
      playbacks.inherit(news);
      log.info(`${news.length} who watched by the gateway ${basename(folder)} are known here now`);
    }
    for (const [id, left] of fresh) {
      if (left <= 1) fresh.delete(id);
      else fresh.set(id, left - 1);
    }
  });
  const tryToLook = (): void =>
    void look().catch((thrown: unknown) =>
      log.debug(`Other gateways' viewers cannot be read: ${toUpreelError(thrown).message}`),
    );
  const unsubscribe = streams.subscribe((event) => {
    if (event.type !== "status") {
      known.delete(event.id);
      return void fresh.delete(event.id);
    }
    const { id } = event.status;
    if (known.has(id)) return;
    known.add(id);
    fresh.set(id, MOST_LOOKS);
  });
  const looking = setInterval(tryToLook, lookEveryMs).unref();
  return {
    [Symbol.dispose]() {
      clearInterval(looking);
      unsubscribe();
    },
  };
}
