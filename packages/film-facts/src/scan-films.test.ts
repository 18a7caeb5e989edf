import { expect, it } from "vitest";
import { FACTS_PLUGIN, type FilmFacts } from "@upreel/core";
import { quantiserIn } from "./quantiser.ts";
import { loudnessIn } from "./loudness.ts";
import { scanFilms } from "./scan-films.ts";

const TOOLS = { ffmpeg: "/no/ffmpeg", ffprobe: "/no/ffprobe" };
const file = (fileId: string, isKnown = false) => ({
  ...{ fileId, itemId: fileId, path: `/no/${fileId}.mkv`, duration: 100 },
  cachedFingerprints: isKnown ? [{ ...FACTS_PLUGIN, fingerprint: null }] : [],
});

const NOTHING_KNOWN: FilmFacts = {
  ...{ scan: null, content: null, bars: null, noise: null, compression: null },
  ...{ cuts_per_minute: null, loudness: null },
};

it("looks at none that it knows, and says why it cannot look at another", async () => {
  const lines: string[] = [];
  const host = { log: (_: string, line: string) => void lines.push(line) };
  const found = await scanFilms([file("a", true), file("b")], TOOLS, host);
  expect(found).toEqual({
    fingerprints: [],
    skipped: [
      { fileId: "b", reason: "fingerprint_failed", message: expect.stringContaining("ENOENT") },
    ],
  });
  expect(lines).toEqual([expect.stringContaining("/no/b.mkv")]);
});

it("begins none any more when its time is over, also where the first one failed", async () => {
  const host = { log: () => undefined };
  const times = { beginMs: 0, endMs: 1_000 };
  const { skipped } = await scanFilms([file("a"), file("b")], TOOLS, host, times);
  expect(skipped).toMatchObject([
    { fileId: "a", reason: "fingerprint_failed" },
    { fileId: "b", reason: "not_yet" },
  ]);
});

it("gives up a look that the scan has no time for, and keeps what it has by then", async () => {
  const facts = { ...NOTHING_KNOWN };
  const look = async (path: string, _tools: object, _host: object, signal: AbortSignal) => {
    if (path === "/no/a.mkv") return facts;
    const { promise, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    return await promise;
  };
  const host = { log: () => undefined };
  const times = { beginMs: 60_000, endMs: 60 };
  const found = await scanFilms([file("a"), file("b")], TOOLS, host, times, look);
  expect(found).toMatchObject({
    fingerprints: [{ fileId: "a", metadata: facts }],
    skipped: [{ fileId: "b", reason: "not_yet" }],
  });
});

it.each([
  [
    "h26x",
    30,
    "[x] 20 init_qp_minus26 00111 = -3\n[x] 1 slice_qp_delta 1 = 5\n[x] 1 slice_qp_delta 1 = 9",
  ],
  ["mpeg2", 5, "[x] 8  quantiser_scale_code   00100 = 4\n[x] 8 quantiser_scale_code 00110 = 6"],
  ["vp9_av1", 100, "[x] 8  base_q_idx   00100 = 100"],
])("reads the quantiser of %s", (codec, mean, text) => {
  expect(quantiserIn(text)).toMatchObject({ codec, mean });
});

it("has no quantiser and no loudness of text that says none", () => {
  expect(quantiserIn("slice_type = 3")).toBeUndefined();
  expect(loudnessIn("")).toBeNull();
  expect(loudnessIn("Summary:\n I: -70.0 LUFS\n LRA: 0.0 LU\n Peak: -inf dBFS")).toEqual({
    ...{ lufs: -70, range_lu: 0, peak_db: null },
  });
});
