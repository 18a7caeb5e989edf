import { join } from "node:path";
import { webhooksAnswerSchema } from "@upreel/core";
import { eventually, makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startReceiver } from "../packages/webhooks/src/testing/start-receiver.ts";
import { startGateway } from "./support/start-gateway.ts";

const STEPS = ["film.queued", "film.started", "film.firstSegment", "film.finished"];

it("a receiver that is away while a film is made and its gateway is killed hears of each step once, in order", async () => {
  await using folder = await makeTempFolder();
  const film = await makeClip(join(folder.path, "film.mp4"), {
    ...{ width: 96, height: 54, rate: 24, seconds: 4, audio: false },
  });
  const options = {
    ...{ dataDir: join(folder.path, "data"), roots: folder.path, env: { MODEL: "lanczos" } },
  };
  const away = await startReceiver();
  const { port, url } = away;
  await away[Symbol.asyncDispose]();
  {
    await using gateway = await startGateway(options);
    const body = JSON.stringify({ name: "mine", url, events: ["film.*"] });
    await fetch(`${gateway.url}/webhooks`, { method: "POST", body });
    const { id } = await gateway.trigger(film);
    await gateway.waitFor(id, ({ state }) => state === "complete");
    await eventually("all is kept", async () => {
      const answer = await fetch(`${gateway.url}/webhooks`);
      const { deliveries } = webhooksAnswerSchema.parse(await answer.json());
      return deliveries.some(({ event }) => event === STEPS.at(-1));
    });
    await gateway.kill();
  }
  await using receiver = await startReceiver(port);
  await using again = await startGateway(options);
  await eventually("nothing waits any more", async () => {
    const answer = await fetch(`${again.url}/webhooks`);
    const { receivers } = webhooksAnswerSchema.parse(await answer.json());
    return receivers.every(({ waiting }) => waiting === 0);
  });
  expect(receiver.received.map(({ body }) => body["name"])).toEqual(STEPS);
});
