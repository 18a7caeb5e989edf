import { ROOT_USER } from "@upreel/testkit";
import { expect, it } from "vitest";
import { ask, makeReady, parse, savePlan, startRig } from "../../testing/proxy-rig.ts";

it.each([
  [`user=${ROOT_USER.name}:300k`, true],
  [`user=${ROOT_USER.id}:300k`, true],
  ["client=Jellyfin Web:300k", true],
  ["user=somebody else:300k; client=VLC:300k", false],
])("RATE=%s bounds who plays through the proxy: %s", async (RATE, isBound) => {
  await using rig = await startRig(
    {},
    { RATE, JELLYFIN_API_KEY: "a0b1c2d3e4f5061728394a5b6c7d8e9f" },
  );
  const { app } = rig;
  await makeReady(app);
  await savePlan(app, rig.film);
  const url = parse(await rig.play()).MediaSources[0]?.TranscodingUrl ?? "";
  const master = (await ask(app.proxyUrl + url)).body.toString();
  expect(master.includes("lower/")).toBe(isBound);
  expect(master.includes("stream.m3u8")).toBe(!isBound);
});
