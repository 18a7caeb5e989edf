import { playbackRequestSchema, type PlaybackRequest } from "./schema.ts";
import { withFlags, type PlayFlags } from "./fallback-retry.ts";

/** What may stand in the query of the URL, too, where it counts before the body. */
const NUMBERS = [
  "StartTimeTicks",
  "AudioStreamIndex",
  "SubtitleStreamIndex",
  "MaxStreamingBitrate",
];
const TEXTS = ["UserId", "MediaSourceId", "LiveStreamId"];
const FLAGS = [
  "IsPlayback",
  "EnableDirectPlay",
  "EnableDirectStream",
  "EnableTranscoding",
  "AllowVideoStreamCopy",
  "AlwaysBurnInSubtitleWhenTranscoding",
];

/**
 * Reads a PlaybackInfo request; some clients send all but their profile in the query. Undefined when
 * it is not understood.
 */
export function readPlaybackRequest(url: string, body: string): PlaybackRequest | undefined {
  const query = new Map(
    [...new URL(url, "http://jellyfin").searchParams].map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  );
  const given = (names: readonly string[], read: (value: string) => unknown): [string, unknown][] =>
    names.flatMap((name) => {
      const value = query.get(name.toLowerCase());
      return value === undefined || value === "" ? [] : [[name, read(value)]];
    });
  try {
    const fields: unknown = body === "" ? {} : JSON.parse(body);
    return playbackRequestSchema.parse({
      ...Object(fields),
      ...Object.fromEntries([
        ...given(NUMBERS, Number),
        ...given(TEXTS, String),
        ...given(FLAGS, (value) => value.toLowerCase() === "true"),
      ]),
    });
  } catch {
    return undefined;
  }
}

/** URL and body of a request with other play flags; the query has none of them any more. */
export function requestWithFlags(
  url: string,
  body: string,
  flags: PlayFlags,
): { readonly url: string; readonly body: string } {
  const parsed = new URL(url, "http://jellyfin");
  for (const name of [...parsed.searchParams.keys()])
    if (/^(enableDirectPlay|enableDirectStream|allowVideoStreamCopy)$/i.test(name))
      parsed.searchParams.delete(name);
  const fields: Record<string, unknown> = body === "" ? {} : JSON.parse(body);
  return {
    url: parsed.pathname + parsed.search,
    body: JSON.stringify(withFlags(fields, flags)),
  };
}
