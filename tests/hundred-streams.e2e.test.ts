import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { streamStatusSchema } from "@upreel/core";
import { eventually, freePort, makeClip, makeTempFolder, startValkey } from "@upreel/testkit";
import { expect, it } from "vitest";
import { z } from "zod";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const FILMS = 100;
const listSchema = z.object({ streams: z.array(streamStatusSchema) });

/** What a gateway tells of all streams: its own, and what the others tell of theirs. */
const list = async ({ url }: RunningGateway) =>
  listSchema.parse(await (await fetch(`${url}/streams`)).json()).streams;
const idsOf = (streams: readonly { readonly id: string }[]): readonly string[] =>
  streams.map(({ id }) => id).toSorted();

it("a hundred streams of two gateways have one owner each, and none is lost with one of them", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await makeTempFolder());
  const valkey = stack.use(await startValkey());
  const films = Array.from({ length: FILMS }, (_, n) => join(folder.path, `film ${n}.mp4`));
  const [first = "", ...others] = films;
  await makeClip(first, { width: 64, height: 36, rate: 25, seconds: 1 });
  for (const film of others) await copyFile(first, film);
  const start = async (): Promise<RunningGateway> => {
    const port = await freePort();
    const env = {
      ...{ FARM_URL: valkey.url, GATEWAY_URL: `http://127.0.0.1:${port}` },
      ...{ MAX_STREAMS: "1", MODEL: "upreel-x2-full16" },
    };
    const dataDir = join(folder.path, "data");
    return stack.use(await startGateway({ dataDir, roots: folder.path, port, env }));
  };
  const [a, b] = [await start(), await start()];
  // Each film is asked of both at once: it is one stream all the same.
  const triggered = await Promise.all(
    films.map((film) => Promise.all([a.trigger(film), b.trigger(film)])),
  );
  const ids = triggered.map(([one, other]) => (expect(one.id).toBe(other.id), one.id)).toSorted();
  expect(new Set(ids).size).toBe(FILMS);
  // One that both had would be told of twice.
  for (const gateway of [a, b])
    await eventually("it knows all", async () => idsOf(await list(gateway)).length >= FILMS);
  expect([idsOf(await list(a)), idsOf(await list(b))]).toEqual([ids, ids]);

  await eventually("some are made", async () =>
    (await list(b)).some(({ state }) => state === "complete"),
  );
  const made = idsOf((await list(b)).filter(({ state }) => state === "complete"));
  await a.kill();
  // Each waits until this gateway has it.
  const statuses = await Promise.all(ids.map((id) => b.status(id)));
  expect(idsOf(statuses)).toEqual(ids);
  const complete = idsOf(statuses.filter(({ state }) => state === "complete"));
  expect(complete).toEqual(expect.arrayContaining([...made]));
  expect(idsOf(await list(b))).toEqual(ids);
  expect(statuses.filter(({ state }) => state === "failed")).toEqual([]);
});
