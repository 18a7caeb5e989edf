import { expect, it } from "vitest";
import { recordedPlayback } from "../testing/recorded.ts";
import { isFallbackRetry, withFlags } from "./fallback-retry.ts";

const first = recordedPlayback("30-broken-stream-first-playbackinfo");
const retry = recordedPlayback("32-broken-stream-retry-playbackinfo");

it("knows the request that jellyfin-web sends after a stream failed", () => {
  expect(isFallbackRetry(first.request)).toBe(false);
  expect(isFallbackRetry(retry.request)).toBe(true);
});

it("gives it the flags of the first request and leaves the rest", () => {
  const restored = withFlags(retry.requestBody, first.request);
  const { EnableDirectPlay, EnableDirectStream, AllowVideoStreamCopy, ...rest } = retry.requestBody;
  expect(restored).toEqual(rest);
  expect([EnableDirectPlay, EnableDirectStream, AllowVideoStreamCopy]).toEqual([
    false,
    false,
    false,
  ]);
  expect(withFlags(retry.requestBody, { EnableDirectPlay: true })).toMatchObject({
    EnableDirectPlay: true,
  });
});
