import { UpreelError, type RunOrder, type RunResolvers } from "@upreel/core";
import { expect, it } from "vitest";
import { resolveOrder } from "./resolve-order.ts";

const FILE = { path: "/owner/a.mkv", sizeBytes: 7, modifiedMs: 8, device: "1", inode: "2" };
const ORDER = {
  ...{ streamId: "s", runId: "r", source: { id: "film", ...FILE } },
  rung: { model: { id: "net", hash: "abc", kind: "luma" }, provider: "cpu" },
} as RunOrder;
const never = new AbortController().signal;

function setUp(change: Partial<RunResolvers> = {}) {
  const opened: string[] = [];
  const resolvers: RunResolvers = {
    sources: { findSource: async ({ id }) => ({ path: `/here/${id}` }) },
    models: { fileOf: async ({ hash }) => `/models/${hash}` },
    segments: {
      open: ({ streamId, runId }) => {
        opened.push(runId);
        return { path: `/runs/${streamId}/${runId}`, close: async () => undefined };
      },
    },
    ...change,
  };
  return { opened, resolvers };
}

it("names become files of this machine; the film keeps its size and time, not its numbers elsewhere", async () => {
  const { run } = await resolveOrder(ORDER, setUp().resolvers, never);
  expect(run).toMatchObject({
    ...{ streamId: "s", runId: "r", folder: "/runs/s/r" },
    source: { path: "/here/film", sizeBytes: 7, modifiedMs: 8 },
    rung: { model: { id: "net", file: "/models/abc" } },
  });
  expect(Object.keys(run.source).sort()).toEqual(["modifiedMs", "path", "sizeBytes"]);
});

it("what a run may change to is found, too, as far as it is here", async () => {
  const gone = { ...ORDER.rung, model: { ...ORDER.rung.model, id: "gone", hash: "gone" } };
  const models = {
    fileOf: async ({ hash }: { readonly hash?: string | undefined }) => {
      if (hash === "gone") throw new UpreelError("model_unknown", "not on this machine");
      return `/models/${hash}`;
    },
  };
  const order = { ...ORDER, otherRungs: [gone, ORDER.rung] };
  const { run } = await resolveOrder(order, setUp({ models }).resolvers, never);
  expect(run.otherRungs?.map(({ model }) => model.file)).toEqual(["/models/abc"]);
});

it("without a network for faces the run is made: the stage of faces tells of it", async () => {
  const models = {
    fileOf: async ({ hash }: { readonly hash?: string | undefined }) => {
      if (hash === "gone") throw new UpreelError("model_unknown", "not on this machine");
      return `/models/${hash}`;
    },
  };
  const [detector, restorer] = [
    { id: "yunet", hash: "here" },
    { id: "gan", hash: "gone" },
  ];
  const rung = { ...ORDER.rung, faces: { strength: 1, provider: "cpu", detector, restorer } };
  const { run } = await resolveOrder({ ...ORDER, rung }, setUp({ models }).resolvers, never);
  expect(run.rung.faces?.detector.file).toBe("/models/here");
  expect(run.rung.faces?.restorer.file).toBe("gan (no longer here)");
});

it("the plain scaler needs no file", async () => {
  const models = { fileOf: () => Promise.reject(new Error("not asked")) };
  const plain = { ...ORDER.rung, model: { ...ORDER.rung.model, kind: "copy" as const } };
  const { run } = await resolveOrder({ ...ORDER, rung: plain }, setUp({ models }).resolvers, never);
  expect(run.rung.model.file).toBe("");
});

it("what is not here, and who does not want it any more, opens no folder", async () => {
  const missing = new UpreelError("model_unknown", "not on this machine");
  const { opened, resolvers } = setUp({ models: { fileOf: () => Promise.reject(missing) } });
  await expect(resolveOrder(ORDER, resolvers, never)).rejects.toBe(missing);
  const late = setUp();
  await expect(resolveOrder(ORDER, late.resolvers, AbortSignal.abort())).rejects.toThrow();
  expect([opened, late.opened]).toEqual([[], []]);
});
