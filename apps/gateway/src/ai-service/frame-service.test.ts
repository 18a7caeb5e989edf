import type { Models, Pictures } from "@upreel/engine";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFrameService } from "./frame-service.ts";

it("counts no failure where a player has gone: only frames that cannot be made are one", async () => {
  await using folder = await makeTempFolder();
  const began = Promise.withResolvers<void>();
  const frame: Pictures["frame"] = async (_request, signal) => {
    began.resolve();
    return await new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
  };
  const service = createFrameService({
    models: {} as Models,
    pictures: { frame } as Pictures,
    dataDir: folder.path,
  });
  const model = { id: "m", name: "m", description: "", scale: 2, category: "fast", by: "fast" };
  const gone = new AbortController();
  const wish = { format: "jpeg", model, signal: gone.signal } as const;
  const made = service.upscale(async () => Buffer.from("frame"), wish);
  await began.promise;
  gone.abort();
  await expect(made).rejects.toMatchObject({ name: "AbortError" });
  expect(service.counts).toMatchObject({ failures: 0, consecutiveFailures: 0 });

  const unreadable = service.upscale(() => Promise.reject(new Error("no picture")), {
    ...{ format: "jpeg", model, signal: new AbortController().signal },
  });
  await expect(unreadable).rejects.toThrow("no picture");
  expect(service.counts).toMatchObject({ failures: 1, consecutiveFailures: 1 });
});
