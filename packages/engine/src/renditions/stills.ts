import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  PLAIN_SCALER,
  UpreelError,
  toNumber,
  type Output,
  type Profile,
  type Source,
  type StillOrder,
  type Timeline,
} from "@upreel/core";
import type { Ladder } from "@upreel/streams";
import { JsonFile, makeFolder } from "@upreel/files";
import { publishRendition, streamPaths } from "@upreel/watcher";
import PQueue from "p-queue";
import { z } from "zod";
import type { MediaFiles } from "@upreel/sources";
import { createSharedWork } from "./shared-work.ts";

/** The source's own pixels, enlarged by ffmpeg's bicubic scaler. */
export const ORIGINAL = "original";

interface StillStream {
  readonly id: string;
  /** Where its pictures are kept; without, in the folder of the stream. */
  readonly folder?: string;
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
  readonly profile: Profile;
}

const costSchema = z.object({ inferenceMs: z.number().nullable() });

/** What a model costs in a film: as predicted, and as it was for one frame. */
interface ModelCost {
  /** Film seconds a second; undefined: not measured. */
  readonly speed: number | undefined;
  readonly fps: number | undefined;
  /** undefined: that frame is not made yet. */
  readonly inferenceMs: number | null | undefined;
}

/** Single frames as PNG. */
export interface Stills {
  /**
   * Path of the PNG of frame `frame` by `model`. `signal`: this one does not want it any more; what
   * nobody wants is killed. Throws `bad_request`, `model_unknown`, and what the making fails with.
   */
  still(stream: StillStream, frame: number, model: string, signal: AbortSignal): Promise<string>;
  cost(stream: StillStream, frame: number, model: string): Promise<ModelCost>;
}

export interface StillParts {
  readonly ffmpeg: string;
  readonly dataDir: string;
  readonly files: MediaFiles;
  readonly ladderFor: (profile: Profile, timeline: Timeline, output: Output) => Promise<Ladder>;
  readonly make: (ffmpeg: string, order: StillOrder, signal: AbortSignal) => Promise<number | null>;
  readonly signal: AbortSignal;
}

/** Of one model in one stream; a page looks at a few dozen. */
const MOST_KEPT = 60;
/** More than a page asks for at once. */
const MOST_WAITING = 32;

export function createStills(parts: StillParts): Stills {
  const queue = new PQueue({ concurrency: 1 });
  const work = createSharedWork<string>(MOST_WAITING, parts.signal);
  const pathsOf = ({ id, folder }: StillStream) => {
    const { renditions, runs } = streamPaths(parts.dataDir, id);
    return { kept: folder ?? join(renditions, "stills"), scratch: folder ?? runs };
  };
  const folderOf = (stream: StillStream, model: string): string =>
    join(pathsOf(stream).kept, model);

  /** The best rung of the model, as a run would use it. */
  async function rungFor({ profile, timeline, output }: StillStream, model: string) {
    if (model === ORIGINAL) return undefined;
    const [first] = await parts.ladderFor({ ...profile, model }, timeline, output);
    return first;
  }

  async function make(
    stream: StillStream,
    frame: number,
    model: string,
    signal: AbortSignal,
  ): Promise<string> {
    const best = await rungFor(stream, model);
    const folder = folderOf(stream, model);
    const path = join(folder, `${frame}.png`);
    if ((await costFile(path).readOrForget()) !== undefined) return path;
    const { source, timeline, output } = stream;
    const scratch = join(pathsOf(stream).scratch, `still-${randomUUID()}`);
    await makeFolder(scratch);
    try {
      const target = join(scratch, "still.png");
      const order = {
        // Only what is decoded counts; the whole would be long for a command line.
        source: { ...source, audio: [], subtitles: [], chapters: [] },
        ...{ timeline, output, frame, rung: best?.rung ?? null, target },
      };
      const inferenceMs = await queue.add(
        () => parts.files.use(source, () => parts.make(parts.ffmpeg, order, signal)),
        { signal },
      );
      await makeFolder(folder);
      await publishRendition(target, path);
      await costFile(path).write({ inferenceMs });
      await deleteOldest(folder);
      return path;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  return {
    async still(stream, frame, model, signal) {
      requireFrame(stream.timeline, frame);
      requireName(model);
      const key = `${stream.id}/${model}/${frame}`;
      return work.share(key, signal, (stop) => make(stream, frame, model, stop));
    },
    async cost(stream, frame, model) {
      const best = await rungFor(stream, model);
      const stored = await costFile(join(folderOf(stream, model), `${frame}.png`)).readOrForget();
      const speed = best?.expectedSpeed;
      const fps = speed === undefined ? undefined : speed * toNumber(stream.timeline.rate);
      return { speed, fps, inferenceMs: stored?.inferenceMs };
    },
  };
}

function requireFrame({ frameCount }: Timeline, frame: number): void {
  if (frame < frameCount) return;
  throw new UpreelError("bad_request", `the film has no frame ${frame}`, {
    expected: `0 to ${frameCount - 1}`,
    got: String(frame),
  });
}

/** It names a folder. */
function requireName(model: string): void {
  if (/^[A-Za-z0-9][\w.-]{0,99}$/.test(model)) return;
  throw new UpreelError("model_unknown", "this is not the name of a model", {
    expected: `${ORIGINAL}, ${PLAIN_SCALER.id} or an id of /models`,
    got: JSON.stringify(model.slice(0, 100)),
  });
}

const costPath = (path: string): string => path.replace(/png$/, "json");

/** Written after its picture: where it is, the picture is complete. */
const costFile = (path: string): JsonFile<z.infer<typeof costSchema>> =>
  new JsonFile(costPath(path), costSchema, { isDurable: false });

async function deleteOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".png"));
  if (names.length <= MOST_KEPT) return;
  const files = await Promise.all(
    names.map(async (name) => ({ name, ms: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = files.toSorted((a, b) => a.ms - b.ms).slice(0, names.length - MOST_KEPT);
  for (const { name } of old) {
    await rm(costPath(join(folder, name)), { force: true });
    await rm(join(folder, name), { force: true });
  }
}
