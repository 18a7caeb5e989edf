import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFakeItem, makeTempFolder, startFakeJellyfin } from "@upreel/testkit";
import { expect, it } from "vitest";
import { parseSettings } from "../config/parse-settings.ts";
import { directFiles } from "@upreel/sources";
import { checkJellyfin } from "./jellyfin.ts";

async function check(settings: Record<string, string>, roots: readonly string[] = []) {
  const config = parseSettings(settings, {}, "/tmp");
  const findings = await checkJellyfin(config, roots, directFiles(), AbortSignal.timeout(240_000));
  return findings.map(({ verdict, message }) => `${verdict}: ${message}`);
}

const ITEM = makeFakeItem({ id: "a".repeat(32), path: "/media/movies/Film.mkv" });

it("a server that is not set up, away, without a key or with a wrong one is told so", async () => {
  expect(await check({})).toEqual([expect.stringContaining("note: not set up")]);
  expect(await check({ JELLYFIN_URL: "http://127.0.0.1:9" })).toEqual([
    expect.stringMatching(/^bad: Jellyfin does not answer at http:\/\/127.0.0.1:9/),
  ]);
  await using fake = await startFakeJellyfin({ version: "10.11.11" });
  expect(await check({ JELLYFIN_URL: fake.url })).toEqual([
    expect.stringMatching(/^good: rig at .* is version 10.11.11/),
    expect.stringContaining("warning: no API key"),
  ]);
  expect(await check({ JELLYFIN_URL: fake.url, JELLYFIN_API_KEY: "not-this-one" })).toEqual([
    expect.stringContaining("good"),
    expect.stringContaining("does not accept JELLYFIN_API_KEY"),
  ]);
});

it("a real item of each library is looked for under its name here", async () => {
  await using folder = await makeTempFolder();
  await mkdir(join(folder.path, "movies"));
  await using fake = await startFakeJellyfin({ items: [ITEM] });
  const settings = {
    JELLYFIN_URL: fake.url,
    JELLYFIN_API_KEY: fake.apiKey,
    PATH_MAP: `/media=${folder.path}`,
  };
  const roots = [folder.path];
  expect((await check(settings, roots)).at(-1)).toMatch(/^bad: \/media\/movies\/Film.mkv: no such/);
  await writeFile(join(folder.path, "movies", "Film.mkv"), "");
  expect((await check(settings, roots)).at(-1)).toMatch(
    /^good: \/media\/movies\/Film.mkv can be read here as .*\/movies\/Film.mkv/,
  );
  expect((await check({ ...settings, STRM_DIR: "/strm" }, roots)).at(-1)).toContain("PUBLIC_URL");
});

it("says which clients can skip intros: those of the proxy, or all where Jellyfin's plugin takes them", async () => {
  await using fake = await startFakeJellyfin({ items: [ITEM] });
  const settings = { JELLYFIN_URL: fake.url, JELLYFIN_API_KEY: fake.apiKey };
  expect(await check(settings)).toContainEqual(
    expect.stringMatching(/^note: intros can be skipped only through the proxy/),
  );
  fake.behaviour.segmentsPlugin = "1.2.3";
  expect(await check(settings)).toContainEqual(
    expect.stringMatching(/^good: it stores intros and credits .*1\.2\.3/),
  );
  // What fails there is no fault of the key.
  fake.behaviour.failAt = (_, url) => (url.includes("MediaSegmentsApi") ? 500 : undefined);
  const findings = await check(settings);
  expect(findings).toContainEqual(
    expect.stringMatching(/^warning: intros and credits are not stored in Jellyfin: .*500/),
  );
  expect(findings.join()).not.toContain("bad: Jellyfin");
  expect((await check({ ...settings, SCANS: "off" })).join()).not.toContain("MediaSegments");
});
