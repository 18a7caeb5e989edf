import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PLAIN_SCALER } from "@upreel/core";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createPictureMaker, type PictureOrder } from "./picture-maker.ts";

const never = new AbortController().signal;
const order = (text: string): PictureOrder => ({
  rung: { model: PLAIN_SCALER, provider: "ffmpeg" },
  wish: {
    ...{ input: { kind: "file" }, size: { scale: 2 }, output: { kind: "raw" } },
    mostPixels: 100,
  },
  bytes: Buffer.from(text),
});

/** Says each order back with its process id; `die` ends it, `hang` is never answered. */
const ECHO = `
process.on("disconnect", () => process.exit());
process.on("message", ({ type, id, bytes }) => {
  if (type === "cancel") return;
  const text = Buffer.from(bytes).toString();
  if (text === "die") process.exit(3);
  if (text === "hang") return;
  process.send({ type: "made", id, picture: { bytes: Buffer.from(text + " " + process.pid), width: 1, height: 1, format: "png" } });
});
`;

async function echo(options: { idleMs?: number; longestMs?: number } = {}) {
  const folder = await makeTempFolder();
  const script = join(folder.path, "echo.mjs");
  await writeFile(script, ECHO);
  const maker = createPictureMaker({
    ...{ threads: 1, idleMs: 60_000, longestMs: 60_000, script },
    ...options,
  });
  const ask = async (text: string, signal = never): Promise<string> =>
    Buffer.from((await maker.make(order(text), signal)).bytes).toString();
  return {
    ask,
    async [Symbol.asyncDispose]() {
      await maker[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

it("makes all frames in one process", async () => {
  await using maker = await echo();
  const [first, second] = [await maker.ask("a"), await maker.ask("a")];
  expect(second).toBe(first);
});

it("goes on in another process when a picture has ended it, and asks for that one twice only", async () => {
  await using maker = await echo();
  const before = await maker.ask("a");
  const [lost, other] = await Promise.allSettled([maker.ask("die"), maker.ask("a")]);
  expect(lost).toMatchObject({ status: "rejected", reason: { code: "worker_lost" } });
  expect(other.status).toBe("fulfilled");
  expect(await maker.ask("a")).not.toBe(before);
});

it("ends a process that hangs with a picture, and says so", async () => {
  await using maker = await echo({ longestMs: 50 });
  await expect(maker.ask("hang")).rejects.toMatchObject({ code: "timeout" });
});

it("waits no longer for whom nobody waits", async () => {
  await using maker = await echo();
  const stop = new AbortController();
  const hanging = maker.ask("hang", stop.signal);
  stop.abort(new Error("gone"));
  await expect(hanging).rejects.toThrow("gone");
});

it("keeps no process that nobody uses", async () => {
  await using maker = await echo({ idleMs: 1 });
  const first = await maker.ask("a");
  await expect.poll(() => maker.ask("a")).not.toBe(first);
});
