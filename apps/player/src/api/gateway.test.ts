import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { call, explain, explainReason } from "./gateway.ts";

beforeEach(() => {
  vi.stubGlobal("document", { documentElement: { dataset: {} } });
  vi.stubGlobal("location", { href: "http://upreel/" });
  vi.stubGlobal("localStorage", { getItem: () => null });
});
afterEach(() => vi.unstubAllGlobals());

const failure = async (answer: Response): Promise<unknown> => {
  vi.stubGlobal("fetch", async () => answer);
  return call("streams").catch((thrown: unknown) => thrown);
};

it("a proxy whose gateway is away counts as one that does not answer", async () => {
  for (const status of [502, 503, 504])
    expect(await failure(new Response("<h1>Bad Gateway</h1>", { status }))).toMatchObject({
      code: "offline",
    });
  expect(await failure(new Response("<h1>Oh</h1>", { status: 500 }))).toMatchObject({
    code: "internal",
  });
  const own = { status: "error", code: "jellyfin_unreachable", message: "Jellyfin is away" };
  expect(await failure(Response.json(own, { status: 503 }))).toMatchObject({ code: own.code });
});

it("a reason is told in one sentence, with its details apart", async () => {
  const reason = { code: "source_unreadable", message: "cannot read a.mkv" };
  expect(explainReason({ ...reason, expected: "a film", got: "text" })).toEqual({
    sentence: "Cannot read a.mkv.",
    details: "Expected: a film. Got: text. (source_unreadable)",
  });
  const program = { code: "decoder_failed", message: "ffmpeg stopped." };
  expect(explainReason(program)).toEqual({ sentence: "ffmpeg stopped.", details: "" });
  expect(explain(await failure(new Response("", { status: 502 }))).sentence).toBe(
    "Upreel is not responding.",
  );
});
