import { setImmediate } from "node:timers/promises";
import type { StreamView } from "@upreel/core";
import type { Streams, TriggerRequest, TriggerResult } from "@upreel/streams";
import { makeMemoryRecords, type MemoryRecords } from "@upreel/testkit";
import { NOTHING_IN_VAIN } from "../in-vain.ts";
import { createFakeEntries, type FakeEntries } from "./fake-entries.ts";

/** Streams by hand: tests decide what state they are in and when a segment is there. */
export interface FakeStreams extends Streams {
  /** What is told of the streams as saved. */
  readonly records: MemoryRecords;
  readonly triggered: TriggerRequest[];
  readonly asked: { id: string; segment: number; client: string }[];
  readonly calls: string[];
  /** Where viewers are, by stream and name: "abc tv". */
  readonly viewersAt: Map<string, number>;
  /** Streams whose want was noted. */
  readonly wanted: string[];
  /** Called once, when a segment was located and is not opened yet. */
  afterLocate: (() => Promise<void>) | undefined;
  /** What the next trigger answers. */
  nextResult: TriggerResult;
  put(status: Partial<StreamView> & { id: string }): StreamView;
  /** It is another gateway's now. */
  leave(id: string): void;
  publish(id: string, segment: number, content: Buffer): Promise<void>;
  /** What is published becomes slices of the file `path`. */
  archive(id: string, path: string): Promise<void>;
  writeStreamFile(id: string, name: string, content: string): Promise<void>;
  listenerCount(): number;
  waiterCount(id: string): number;
}

export function createFakeStreams(dataDir: string): FakeStreams {
  const entries = createFakeEntries(dataDir);
  const { find, put, leave, views } = entries;
  const records = makeMemoryRecords();
  const [calls, wanted]: [string[], string[]] = [[], []];
  const fake: FakeStreams = {
    ...{ records, calls, wanted, put, leave },
    ...{ triggered: [], asked: [], viewersAt: new Map() },
    afterLocate: undefined,
    nextResult: { status: "started", id: "abc", archive: undefined },
    async trigger(request) {
      fake.triggered.push(request);
      if (!fake.has(fake.nextResult.id)) put({ id: fake.nextResult.id });
      return fake.nextResult;
    },
    async prepare({ file }, fromSeconds) {
      calls.push(`prepare ${file.path} from ${fromSeconds}`);
      return fake.nextResult.id;
    },
    reach: async () => ({ at: "here" }),
    inVain: () => ({ ...NOTHING_IN_VAIN, hedge: 48 }),
    handOver: async () => false,
    dropPrepared: async (id) => void calls.push(`drop ${id}`),
    status: (id) => find(id).status,
    // A film's title is its path here.
    find: ({ file }) => views().find(({ title }) => title === file.path),
    idOf: () => fake.nextResult.id,
    get: (id) => entries.get(id)?.status,
    has: (id) => entries.get(id) !== undefined,
    list: views,
    ids: () => views().map(({ id }) => id),
    ...commands(entries, { calls, records }),
    folder: async (id) =>
      find(id).segments.asFolder({
        noteWanted: () => void wanted.push(id),
        async noteLocated() {
          const { afterLocate } = fake;
          fake.afterLocate = undefined;
          await afterLocate?.();
        },
      }),
    noteAsked: (id, segment, client) => void fake.asked.push({ id, segment, client }),
    viewerSeconds: (id, viewer) => fake.viewersAt.get(`${id} ${viewer}`),
    ...viewers(entries, calls),
    subscribe: entries.subscribe,
    [Symbol.asyncDispose]: async () => undefined,
    publish: (id, segment, content) => find(id).segments.publish(segment, content),
    async archive(id, path) {
      await find(id).segments.archive(path);
      put({ id, state: "complete", file: path });
    },
    writeStreamFile: (id, name, content) => entries.segmentsOf(id).writeFile(name, content),
    listenerCount: entries.listenerCount,
    waiterCount: (id) => find(id).segments.waiterCount(),
  };
  return fake;
}

/** What is ordered of a stream is done at once, and noted. */
const commands = (
  { find, put, remove }: FakeEntries,
  { calls, records }: Pick<FakeStreams, "calls" | "records">,
) =>
  ({
    async pause(id) {
      put({ ...find(id).status, state: "paused" });
      calls.push(`pause ${id}`);
    },
    async resume(id, priority) {
      const { status } = find(id);
      put({ ...status, state: "running", priority: priority ?? status.priority });
      calls.push(`resume ${id}${priority === undefined ? "" : ` in the ${priority}`}`);
    },
    async cancel(id) {
      put({ ...find(id).status, state: "cancelled" });
      calls.push(`cancel ${id}`);
    },
    holdBackground: () => undefined,
    setOrder: (ids) => void calls.push(`order ${ids.join(" ")}`),
    async setPinned(id, isPinned) {
      put({ ...find(id).status, pinned: isPinned });
    },
    async chooseModel(id, order) {
      const { status } = find(id);
      const { model = status.wanted.model, sharpness = status.wanted.sharpness } = order;
      const { faces = status.faces } = order;
      const wanted = { model, sharpness: sharpness ?? undefined };
      put({ ...status, wanted, faces: faces ?? undefined });
    },
    async remove(id) {
      find(id);
      // Its files are deleted now.
      await setImmediate();
      records.forget(id);
      remove(id);
      return 1234;
    },
  }) satisfies Partial<Streams>;

const viewers = ({ find }: FakeEntries, calls: string[]) =>
  ({
    reportPlayhead(id, viewer, seconds, isPaused, plays) {
      find(id);
      const what = plays === "original" ? " beside the original" : "";
      calls.push(`${viewer} at ${seconds} of ${id}${what}${isPaused ? ", paused" : ""}`);
    },
    viewerLeft(id, viewer) {
      find(id);
      calls.push(`${viewer} left ${id}`);
    },
  }) satisfies Partial<Streams>;
