import { PLAIN_SCALER, type StreamView } from "@upreel/core";
import type { Ladder } from "@upreel/streams";
import { expect, it } from "vitest";
import { badgeOf } from "./badge-of.ts";

const facts = (height = 360) => ({
  glance: { durationSeconds: 3600, width: 4096, height, rate: { num: 24, den: 1 } },
  hasPoster: true,
});
/** Networks at these speeds, best first, and the plain scaler. */
const ladder = (...speeds: (number | undefined)[]): Ladder => [
  ...speeds.map((expectedSpeed, k) => ({
    rung: { model: { ...PLAIN_SCALER, id: `net${k}`, kind: "luma" as const }, provider: "cpu" },
    expectedSpeed,
  })),
  { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 9 },
];
const stream = (part: Partial<StreamView>) => part as StreamView;

it("a film without a stream is told by how fast it would be made here", () => {
  const badge = (...speeds: (number | undefined)[]) =>
    badgeOf(facts(), undefined, ladder(...speeds), false);
  expect(badge(0.3, 1.4)).toMatchObject({ kind: "live", seconds: null });
  // What is made overnight is made by the best that is worth the waiting.
  expect(badge(0.1, 0.5, 0.9)).toMatchObject({ kind: "later", seconds: 7200 });
  expect(badge(0.1)).toMatchObject({ kind: "later", seconds: 36_000 });
  expect(badge(undefined)).toMatchObject({ kind: "unknown" });
  expect(badge()).toMatchObject({
    ...{ kind: "original", reason: "no model works on this computer" },
    reason_told: { code: "badge_no_model" },
  });
  expect(badgeOf(facts(), undefined, ladder(2), true).reason).toMatch(/TARGET_HEIGHT/);
  expect(badgeOf(undefined, undefined, ladder(2), false).kind).toBe("unknown");
  expect(badgeOf({ glance: null, hasPoster: false }, undefined, ladder(2), false).kind).toBe(
    "failed",
  );
});

it("a stream tells more, and what is partly made counts", () => {
  const badge = (part: Partial<StreamView>) => badgeOf(facts(), stream(part), ladder(0.5), false);
  expect(badge({ state: "complete", ratio: 1 }).kind).toBe("ready");
  expect(badge({ state: "complete", ratio: 1, plain: true }).kind).toBe("enlarged");
  const reason = { code: "source_uneven", message: "the film has no sound from 1:00 on" } as const;
  expect(badge({ state: "complete", ratio: 1, reason })).toMatchObject({
    ...{ reason: reason.message, reason_code: "source_uneven", reason_told: null },
  });
  expect(badge({ state: "running", ratio: 0.2, etaSeconds: 90 })).toEqual({
    ...{ kind: "upscaling", ratio: 0.2, seconds: 90 },
    ...{ reason: null, reason_told: null, reason_code: null },
  });
  expect(badge({ state: "queued", ratio: 0 }).kind).toBe("waiting");
  expect(badge({ state: "queued", ratio: 1 }).kind).toBe("improving");
  expect(badge({ state: "running", ratio: 1 }).kind).toBe("improving");
  expect(badge({ state: "starting", ratio: 1 }).kind).toBe("finishing");
  expect(badge({ state: "running", ratio: 1, isGrowing: true }).kind).toBe("following");
  expect(badge({ state: "idle", ratio: 0.5 })).toMatchObject({ kind: "later", seconds: 3600 });
  const tooLarge = { code: "source_too_large", message: "the film fills a screen" } as const;
  const refused = stream({ state: "failed", ratio: 0, reason: tooLarge });
  expect(badgeOf(facts(), refused, ladder(2), true).kind).toBe("original");
  // A larger screen was set meanwhile.
  expect(badgeOf(facts(), refused, ladder(2), false).kind).toBe("live");
});
