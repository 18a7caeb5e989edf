import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { farmCommandSchema, FARM_PROTOCOLS, MOST_SEGMENT_BYTES } from "@upreel/core";
import { openFarm } from "@upreel/engine";
import { makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import type { FarmLink } from "@upreel/workers";
import { expect, it } from "vitest";
import { makeFarmOrder } from "../../../../../packages/workers/src/farm/testing/make-farm-order.ts";
import { startTestApp } from "../../testing/start-app.ts";

it("a segment that is too large, or one too many at a time, is refused before a byte of it is read", async () => {
  await using folder = await makeTempFolder();
  const { farm, desk } = await openFarm(folder.path, {
    log: makeRecordingLog(),
    events: { tell: () => undefined },
    segments: { accept: () => Promise.reject(new Error("nothing of it may come this far")) },
  });
  using _farm = farm;
  await using app = await startTestApp({}, undefined, { farm: desk });
  const key = await desk.add("pc");
  const link: FarmLink = {
    send: (text) => void farmCommandSchema.parse(JSON.parse(text)),
    ...{ close: () => undefined, onText: () => undefined, onClosed: () => undefined },
  };
  desk.join("pc", link);
  const facts = { version: "1", platform: "x", cpu: "CPU", cores: 1, memoryBytes: 1, gpus: [] };
  const offer = { places: 1, providers: [], encoders: ["libx264"], cores: 1, speeds: [] };
  link.onText(JSON.stringify({ type: "hello", protocols: [...FARM_PROTOCOLS], facts, offer }));
  const order = makeFarmOrder({ machine: "farm:pc" });
  void farm.start(order, () => undefined, new AbortController().signal);

  /** Says so many bytes, and sends none of them. */
  const begin = (bytes: number) => {
    const call = request(`${app.url}/farm/worker/runs/${order.runId}/segments/3`, {
      method: "PUT",
      headers: {
        ...{ Authorization: `Bearer pc:${key}`, "X-Content-Sha256": "0".repeat(64) },
        "Content-Length": bytes,
      },
    });
    call.on("error", () => undefined);
    call.flushHeaders();
    return call;
  };
  const statusOf = async (call: ReturnType<typeof begin>): Promise<number | undefined> => {
    const [answer] = (await once(call, "response")) as [IncomingMessage];
    call.destroy();
    return answer.statusCode;
  };
  expect(await statusOf(begin(MOST_SEGMENT_BYTES + 1))).toBe(413);
  const held = [begin(MOST_SEGMENT_BYTES), begin(MOST_SEGMENT_BYTES)];
  const sendOne = (): Promise<number | undefined> => statusOf(begin(1).end("x"));
  // A byte with a wrong sum, until the gateway has heard of both.
  await expect.poll(sendOne, { timeout: 240_000 }).toBe(503);
  for (const call of held) call.destroy();
});
