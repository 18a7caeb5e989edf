import {
  pictureCommandSchema,
  toReason,
  UpreelError,
  type FaceWork,
  type PictureEvent,
  type Rung,
} from "@upreel/core";
import {
  openFacePictures,
  openPictureNetwork,
  type FacePictures,
  type PictureNetwork,
} from "@upreel/upscaler";
import PQueue from "p-queue";
import type { PictureNetworks } from "./upscale-picture.ts";

/** Networks that stay loaded: one for frames and one for pictures of one client, and the same of another. */
const MOST_NETWORKS = 3;

/** Obeys the orders of another process. */
export interface PictureServer {
  /** A PictureCommand; each order is answered once. */
  take(message: unknown): void;
}

export function servePictures({
  threads,
  tell,
}: {
  readonly threads: number;
  readonly tell: (event: PictureEvent) => void;
}): PictureServer {
  // Now, and not by whoever imports this package: a worker of films has no use for what reads pictures.
  const loading = import("./upscale-picture.ts");
  const networks = createNetworks(threads);
  const faces = createFaces(threads);
  const running = new Map<number, AbortController>();
  return {
    take(message) {
      const command = pictureCommandSchema.parse(message);
      const { id } = command;
      if (command.type === "cancel") {
        running.get(id)?.abort(new UpreelError("cancelled", "Nobody wants the picture any more"));
        return;
      }
      const stop = new AbortController();
      running.set(id, stop);
      networks
        .use(command.rung, async (network) => {
          const { upscalePicture } = await loading;
          const { wish, bytes } = command;
          return upscalePicture({ network, faces }, wish, bytes, stop.signal);
        })
        .then(
          (picture) => tell({ type: "made", id, picture }),
          (thrown: unknown) => tell({ type: "refused", id, reason: toReason(thrown) }),
        )
        .finally(() => running.delete(id));
    },
  };
}

type Faces = PictureNetworks["faces"];

/** Restores faces, one picture after the other; the networks that were used last stay loaded. */
function createFaces(threads: number): Faces {
  let loaded: { readonly key: string; readonly opened: FacePictures } | undefined;
  const queue = new PQueue({ concurrency: 1 });

  async function load(work: FaceWork): Promise<FacePictures> {
    const key = [work.detector.file, work.restorer.file, work.provider].join("\n");
    if (loaded?.key === key) return loaded.opened;
    const before = loaded;
    loaded = undefined;
    await before?.opened.release();
    const opened = await openFacePictures(work, threads);
    loaded = { key, opened };
    return opened;
  }

  async function restore(...[work, picture, signal]: Parameters<Faces>): Promise<number> {
    // Those that nobody waits for any more would keep their pictures in memory, and the others waiting.
    signal.throwIfAborted();
    const opened = await load(work);
    const restored = await opened.restore(picture, work.strength, () => signal.aborted);
    signal.throwIfAborted();
    return restored;
  }

  return (...order) => queue.add(() => restore(...order));
}

interface Loaded {
  readonly network: Promise<PictureNetwork>;
  users: number;
}

/** Networks by the rung; those that were used last stay. */
function createNetworks(threads: number) {
  const loaded = new Map<string, Loaded>();

  function take(rung: Rung): Loaded {
    const key = `${rung.model.id} ${rung.model.hash} ${rung.provider} ${rung.tilePixels}`;
    const entry = loaded.get(key) ?? { network: openPictureNetwork(rung, threads), users: 0 };
    // The last one used is the last one in the map.
    loaded.delete(key);
    loaded.set(key, entry);
    entry.network.catch(() => {
      if (loaded.get(key) === entry) loaded.delete(key);
    });
    entry.users += 1;
    return entry;
  }

  async function freeOld(): Promise<void> {
    for (const [key, { network, users }] of loaded) {
      if (loaded.size <= MOST_NETWORKS) return;
      if (users > 0) continue;
      loaded.delete(key);
      await network.then(
        (opened) => opened.release(),
        () => undefined,
      );
    }
  }

  return {
    async use<T>(rung: Rung, work: (network: PictureNetwork) => Promise<T>): Promise<T> {
      const entry = take(rung);
      try {
        return await work(await entry.network);
      } finally {
        entry.users -= 1;
        await freeOld();
      }
    },
  };
}
