import { once } from "node:events";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, watch } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  segmentCount,
  type RunOrder,
  type RunResolvers,
  type SegmentSink,
  type ModelSpec,
  refToRung,
} from "@upreel/core";
import { directFiles } from "@upreel/sources";
import {
  makeClip,
  makeManualClock,
  makeRecord,
  makeRecordingLog,
  makeTempFolder,
} from "@upreel/testkit";
import { createCatalogue } from "@upreel/upscaler";
import { createStreamFolders } from "@upreel/watcher";
import { createWorkers } from "@upreel/workers";
import { expect, it } from "vitest";
import { makeOrder } from "./testing/make-order.ts";

const { signal } = new AbortController();

/** A data folder, and what is published in it of the run that `order` names. */
async function makeRun(
  dataDir: string,
  order: RunOrder,
  resolversFor: (own: SegmentSink) => RunResolvers,
): Promise<readonly Buffer[]> {
  const log = makeRecordingLog();
  const folders = createStreamFolders(
    { clock: makeManualClock(), log, countPictures: () => Promise.reject(new Error("not asked")) },
    { dataDir, listSize: 5 },
  );
  const { streamId, runId, timeline, fromSegment, toSegment } = order;
  await using folder = await folders.create(makeRecord({ id: streamId, timeline }));
  await folder.setTimeline(timeline);
  const watched = await folder.watchRun({ runId, timeline, fromSegment, toSegment });
  await using workers = createWorkers(log, {
    ...{ threads: 1, ffmpeg: "ffmpeg", warmRung: undefined, offers: () => [] },
    resolvers: resolversFor(folders.segments),
  });
  const run = await workers.start(order, () => undefined, signal);
  const end = await run.ended;
  expect(end.why).toBe("finished");
  const summary = await watched.finish(end);
  expect(summary.rejected).toEqual([]);
  return await Promise.all(
    Array.from({ length: toSegment }, async (_, k) => readFile((await folder.locate(k)).path)),
  );
}

/** Sends each segment as soon as it is whole; nothing that it writes to is the owner's. */
const bySegmentBytes = (scratch: string, owner: SegmentSink): SegmentSink => ({
  accept: (...given) => owner.accept(...given),
  async open(run) {
    const path = join(scratch, run.runId);
    await mkdir(path, { recursive: true });
    const send = async (): Promise<void> => {
      for (const name of (await readdir(path)).filter((each) => /^\d+\.ts$/.test(each)).sort()) {
        await owner.accept(run, Number.parseInt(name, 10), await readFile(join(path, name)));
        await rm(join(path, name));
      }
    };
    const closing = new AbortController();
    const sending = (async () => {
      for await (const _ of watch(path, { signal: closing.signal })) await send();
    })().catch(() => undefined);
    return {
      path,
      async close() {
        closing.abort();
        await sending;
        await send();
      },
    };
  },
});

/** Networks by their hash in a folder that knows nothing of ids. */
const byHash = (folder: string): RunResolvers["models"] => ({
  fileOf: async ({ hash }) => join(folder, `${hash}.onnx`),
});

/** One file, in ranges, as a gateway gives it to its workers. */
async function serveFile(path: string) {
  const ranges: string[] = [];
  const { size } = await stat(path);
  const server = createServer((request, response) => {
    const { range = "bytes=0-" } = request.headers;
    ranges.push(range);
    const [, from = "0", to = ""] = /bytes=(\d+)-(\d*)/.exec(range) ?? [];
    const [start, end] = [Number(from), to === "" ? size - 1 : Number(to)];
    response.writeHead(206, {
      ...{ "Accept-Ranges": "bytes", "Content-Length": end - start + 1 },
      "Content-Range": `bytes ${start}-${end}/${size}`,
    });
    createReadStream(path, { start, end }).pipe(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    ranges,
    url: `http://127.0.0.1:${port}/film`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

it("a run makes the same segments, byte by byte, where film, network and streams lie elsewhere", async () => {
  await using folder = await makeTempFolder();
  const at = (...names: string[]): string => join(folder.path, ...names);
  for (const name of ["films", "disk", "models"]) await mkdir(at(name));
  const clip = at("films", "clip.mp4");
  await makeClip(clip, { width: 64, height: 36, rate: 24, seconds: 5 });
  const catalogue = createCatalogue();
  const isNetwork = ({ kind }: ModelSpec): boolean => kind === "luma";
  const model = (await catalogue.list()).find(isNetwork);
  if (model === undefined) throw new Error("no network is built in");
  const planned = await makeOrder(clip, "", { model, provider: "cpu" });
  const { folder: _, source, rung, ...rest } = planned;
  const order: RunOrder = {
    ...{ ...rest, streamId: "s", runId: "r" },
    source: { ...source, id: "clip" },
    rung: refToRung(rung),
  };
  expect(JSON.stringify(order.rung)).not.toContain(model.file);

  const here = await makeRun(at("here"), order, (segments) => ({
    ...{ sources: directFiles(), models: catalogue, segments },
  }));
  expect(here).toHaveLength(segmentCount(order.timeline));

  // Another machine has the film on another path, and knows the network by its hash alone.
  await rename(clip, at("disk", "the same.mp4"));
  await copyFile(model.file, at("models", `${model.hash}.onnx`));
  const elsewhere = await makeRun(at("owner"), order, (segments) => ({
    sources: {
      findSource: async ({ id }) => ({ path: at("disk", id === "clip" ? "the same.mp4" : "") }),
    },
    models: byHash(at("models")),
    segments: bySegmentBytes(at("scratch"), segments),
  }));
  expect(elsewhere).toEqual(here);

  // And without a disk that is shared: by ranges over HTTP.
  await using server = await serveFile(at("disk", "the same.mp4"));
  const overHttp = await makeRun(at("far owner"), order, (segments) => ({
    sources: { findSource: async () => ({ path: server.url }) },
    models: byHash(at("models")),
    segments: bySegmentBytes(at("far"), segments),
  }));
  expect(overHttp).toEqual(here);
  expect(server.ranges.length).toBeGreaterThan(0);
  // All was sent on, and nothing was published from there.
  expect((await readdir(at("scratch", "r"))).filter((name) => name.endsWith(".ts"))).toEqual([]);
});
