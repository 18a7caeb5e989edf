import { expect, it } from "vitest";
import { recordedPlayback, withSource } from "../testing/recorded.ts";
import { ownStreamUrl } from "./own-stream.ts";

const { answer } = recordedPlayback("05-");
const [source] = answer.MediaSources;

it("is the one that Jellyfin named, for the session that the client knows", () => {
  const url = ownStreamUrl(answer, source?.Id ?? "", "a b") ?? "";
  expect(url).toMatch(/^\/videos\/508bfcc3-90dc-4acb-d182-6571a92d9968\/master\.m3u8\?/);
  const query = new URL(url, "http://jellyfin").searchParams;
  expect(query.get("PlaySessionId")).toBe("a b");
  expect(query.get("AudioStreamIndex")).toBe("2");
  expect(query.get("ApiKey")).toBe("0000000000000000000000000000000c");
});

it("is none where the client plays the file, or of another source", () => {
  const direct = recordedPlayback("12-").answer;
  expect(ownStreamUrl(direct, direct.MediaSources[0]?.Id ?? "", "s")).toBeUndefined();
  expect(ownStreamUrl(answer, "other", "s")).toBeUndefined();
});

it.each([
  "//elsewhere/a.m3u8?x",
  "http://elsewhere/a.m3u8?x",
  "/a.mp4?x=.m3u8",
  "/\\e/a.m3u8?x",
  "",
])(
  "is none that a client would look for elsewhere, or that is no playlist: %j",
  (TranscodingUrl) => {
    const odd = withSource(answer, { TranscodingUrl });
    expect(ownStreamUrl(odd, source?.Id ?? "", "s")).toBeUndefined();
  },
);
