import { freePort, startValkey } from "@upreel/testkit";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { examineServer } from "./examine-server.ts";

it("a server tells its version and what it does when its memory is full", async () => {
  await using server = await startValkey();
  expect(await examineServer(server.url, 30_000)).toMatchObject({
    ...{ version: expect.stringMatching(/^\d+\.\d+/), policy: "noeviction" },
  });
  const redis = new Redis(server.url);
  await redis.config("SET", "maxmemory-policy", "allkeys-lru");
  redis.disconnect();
  expect(await examineServer(server.url, 30_000)).toMatchObject({ policy: "allkeys-lru" });
});

it("one that is not there is named, without its password", async () => {
  const port = await freePort();
  await expect(examineServer(`redis://me:secret@127.0.0.1:${port}`, 30_000)).rejects.toThrow(
    new RegExp(`^127.0.0.1:${port} does not answer$`),
  );
});
