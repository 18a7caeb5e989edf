import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeRecordingLog, makeSharedLeases, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFakeStreams } from "../../../../../packages/streams/src/testing/fake-streams.ts";
import { parseSettings } from "../../config/parse-settings.ts";
import { startStrm } from "./start-strm.ts";

const [FIRST, SECOND] = ["abcdefghij234567abcdefghij", "bcdefghij234567abcdefghijk"];

it("of several gateways without a key for Jellyfin one names its address in the files of all, and another one when it is gone", async () => {
  await using folder = await makeTempFolder();
  const shared = makeSharedLeases();
  const streams = createFakeStreams(folder.path);
  const start = (address: string) => {
    const settings = { STRM_DIR: "strm", PUBLIC_URL: address, DATA_DIR: "data" };
    const strm = startStrm({
      ...{ config: parseSettings(settings, {}, folder.path), client: undefined },
      ...{ streams, records: streams.records, leases: shared.at(address) },
      ...{ viewing: { players: () => [] }, log: makeRecordingLog(), onItem: () => undefined },
    });
    return strm ?? expect.unreachable();
  };
  const hosts = async (): Promise<readonly string[]> => {
    const strmDir = join(folder.path, "strm");
    const names: string[] = await readdir(strmDir).catch(() => []);
    names.sort((a, b) => (a < b ? -1 : 1));
    const texts = await Promise.all(names.map((name) => readFile(join(strmDir, name), "utf8")));
    return texts.map((text) => new URL(text).hostname);
  };
  streams.put({ id: FIRST, title: "First" });
  {
    await using _a = start("http://a:5000");
    await expect.poll(hosts).toEqual(["a"]);
  }
  // The lease of the first one has not ended yet.
  await using _b = start("http://b:5000");
  streams.put({ id: SECOND, title: "Second" });
  await expect.poll(hosts).toEqual(["a", "b"]);
  shared.end("http://a:5000", "silently");
  shared.tellFree();
  await expect.poll(hosts).toEqual(["b", "b"]);
});
