import { expect, it } from "vitest";
import { FACTS_PLUGIN } from "@upreel/core";
import { quantiserIn } from "./quantiser.ts";
import { loudnessIn } from "./loudness.ts";
import { scanFilms } from "./scan-films.ts";

const TOOLS = { ffmpeg: "/no/ffmpeg", ffprobe: "/no/ffprobe" };
const file = (fileId: string, isKnown = false) => ({
  ...{ fileId, itemId: fileId, path: `/no/${fileId}.mkv`, duration: 100 },
  cachedFingerprints: isKnown ? [{ ...FACTS_PLUGIN, fingerprint: null }] : [],
});

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
