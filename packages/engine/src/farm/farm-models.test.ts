import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { UpreelError } from "@upreel/core";
import { makeTempFolder } from "@upreel/testkit";
import { createGatewayClient } from "@upreel/workers";
import { expect, it } from "vitest";
import { createFarmModels } from "./farm-models.ts";

const NETWORK = Buffer.from("a network");
const { signal } = new AbortController();
const model = { id: "n", hash: "a".repeat(64) };

/** Networks of a worker that has `own`, and a gateway that sends `sent` for each hash. */
async function openModels(own?: string) {
  const folder = await makeTempFolder();
  const gateway = { sent: NETWORK, asked: [] as (string | undefined)[] };
  const server = createServer(({ url, headers }, response) => {
    gateway.asked.push(`${headers.authorization} ${url}`);
    response.setHeader("X-Content-Sha256", createHash("sha256").update(NETWORK).digest("hex"));
    response.end(gateway.sent);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fetched = join(folder.path, "farm");
  const models = createFarmModels(
    {
      async fileOf() {
        if (own === undefined) throw new UpreelError("model_unknown", "it is not here");
        return own;
      },
    },
    fetched,
    createGatewayClient({ url, name: "pc", key: "key" }).fetchModel,
  );
  return {
    ...{ folder, gateway, models, fetched },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await folder[Symbol.asyncDispose]();
    },
  };
}

it("a network that this machine lacks is fetched once from the gateway, with the worker's key", async () => {
  await using opened = await openModels();
  const { models, gateway } = opened;
  const files = await Promise.all([models.fileOf(model, signal), models.fileOf(model, signal)]);
  expect(new Set([...files, await models.fileOf(model, signal)]).size).toBe(1);
  expect(await readFile(files[0] ?? "")).toEqual(NETWORK);
  expect(gateway.asked).toEqual([`Bearer pc:key /farm/worker/models/${model.hash}`]);
});

it("one that it has is not fetched, and what is no hash is asked of nobody", async () => {
  await using scratch = await makeTempFolder();
  const own = join(scratch.path, "own.onnx");
  await writeFile(own, NETWORK);
  await using opened = await openModels(own);
  const { models, gateway } = opened;
  expect(await models.fileOf(model, signal)).toBe(own);
  const outside = { id: "n", hash: "../../outside" };
  await expect(models.fileOf(outside, signal)).rejects.toMatchObject({ code: "model_unknown" });
  expect(gateway.asked).toEqual([]);
});

it("one that arrives damaged is not kept, and fetched again when it is needed", async () => {
  await using opened = await openModels();
  const { models, gateway, fetched } = opened;
  gateway.sent = Buffer.from("a netw0rk");
  await expect(models.fileOf(model, signal)).rejects.toMatchObject({ code: "download_failed" });
  expect(await readdir(fetched)).toEqual([]);
  gateway.sent = NETWORK;
  expect(await readFile(await models.fileOf(model, signal))).toEqual(NETWORK);
});
