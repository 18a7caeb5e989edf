import {
  ownStreamUrl,
  playbackAnswerSchema,
  requestWithFlags,
  type PlaybackAnswer,
  type PlaybackRequest,
} from "@upreel/jellyfin";
import { readJson, type WholeAnswer } from "../exchange/jellyfin-exchange.ts";

/** Asks Jellyfin once more for the client's PlaybackInfo. */
export type AskAgain = (sent: {
  readonly url: string;
  readonly body: string;
}) => Promise<WholeAnswer>;

/**
 * Jellyfin's own HLS stream of what a client is about to play upscaled: where it goes when ours fails.
 * A client that could play the file directly was named none; asked not to do that, Jellyfin names one.
 */
export async function findWayBack(
  { original, sourceId }: { readonly original: PlaybackAnswer; readonly sourceId: string },
  sent: { readonly url: string; readonly body: string; readonly asked: PlaybackRequest },
  askAgain: AskAgain,
): Promise<string | undefined> {
  const { PlaySessionId: session } = original;
  const named = ownStreamUrl(original, sourceId, session);
  if (named !== undefined) return named;
  const { AllowVideoStreamCopy } = sent.asked;
  const flags = { EnableDirectPlay: false, EnableDirectStream: false, AllowVideoStreamCopy };
  const second = await askAgain(requestWithFlags(sent.url, sent.body, flags));
  const parsed = playbackAnswerSchema.safeParse(await readJson(second.headers, second.body));
  return parsed.success ? ownStreamUrl(parsed.data, sourceId, session) : undefined;
}
