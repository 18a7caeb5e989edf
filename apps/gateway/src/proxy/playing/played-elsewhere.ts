import type { IncomingMessage } from "node:http";
import { toUpreelError, type Log } from "@upreel/core";
import { playbackAnswerSchema } from "@upreel/jellyfin";
import type { AskedPeer, Peers } from "../../http/deps.ts";
import { PLAYING_DOOR, PROXY_DOOR } from "../../http/peers/proxy-door.ts";
import { askJellyfin, readJson, type WholeAnswer } from "../exchange/jellyfin-exchange.ts";
import type { IsTrusted } from "../exchange/request-parts.ts";

/** A device and what it plays, as its PlaybackInfo was answered. */
interface Played {
  readonly viewer: string;
  readonly itemId: string;
  readonly playSessionId: string;
  readonly streamId: string;
}

/** Some of it, by which it is found. */
interface Named {
  readonly viewer?: string | undefined;
  readonly itemId?: string;
  readonly playSessionId?: string | undefined;
}

/**
 * PlaybackInfo by the gateway that has a stream; by default the one of what the device plays already, if it is the same
 * item. Undefined: this gateway is to answer.
 */
export type AskElsewhere = (streamId?: string) => Promise<WholeAnswer | undefined>;

/**
 * What devices play through this proxy while another gateway makes it: that one's proxy looks after them. What comes from
 * another gateway is this one's to answer.
 */
export interface PlayedElsewhere {
  /** The stream of what is named, as it was answered last. */
  streamOf(named: Named): string | undefined;
  /** One client's PlaybackInfo, which that gateway may answer. */
  playbackInfo(
    request: IncomingMessage,
    asked: { readonly viewer: string; readonly itemId: string; readonly body: Buffer },
  ): AskElsewhere;
  /**
   * Passes on what a client tells Jellyfin of its playing, at the path `url` there. False: it plays nothing of another
   * gateway's, and this one is to take notice.
   */
  tell(
    named: Named,
    request: IncomingMessage,
    told: { readonly url: string; readonly body?: Buffer },
  ): boolean;
}

/** One that stands still says nothing: this gateway still has to answer before the client gives up. */
const ANSWER_MS = 8_000;
/** Devices remembered; the oldest are forgotten. */
const MOST_DEVICES = 1_000;

export function createPlayedElsewhere(
  { ownerOf, isFromPeer }: Pick<Peers, "ownerOf" | "isFromPeer">,
  {
    isTrusted,
    log,
    isHere,
    answerMs = ANSWER_MS,
  }: {
    readonly isTrusted: IsTrusted;
    readonly log: Pick<Log, "debug">;
    /** Whether this gateway has the stream: it may have taken it over since, and looks after its viewers then. */
    readonly isHere: (streamId: string) => boolean;
    /** How long PlaybackInfo of another gateway is waited for. */
    readonly answerMs?: number;
  },
): PlayedElsewhere {
  const byViewer = new Map<string, Played>();
  const target = ({ url }: AskedPeer) => ({ url, isTrusted });

  function remember(played: Played): void {
    byViewer.set(played.viewer, played);
    for (const viewer of byViewer.keys()) if (byViewer.size > MOST_DEVICES) byViewer.delete(viewer);
  }

  async function mirror(
    streamId: string,
    request: IncomingMessage,
    { url, ...body }: Parameters<PlayedElsewhere["tell"]>[2],
  ): Promise<void> {
    const owner = await ownerOf(streamId);
    if (owner === undefined) return;
    const added = [...owner.headers, ["X-Original-URI", url]].flat();
    await askJellyfin(target(owner), request, { url: `${PLAYING_DOOR}/mirrored`, added, ...body });
  }

  function streamOf({ viewer, itemId, playSessionId }: Named): string | undefined {
    const played =
      viewer === undefined
        ? byViewer.values().find((each) => each.playSessionId === playSessionId)
        : byViewer.get(viewer);
    if (played === undefined || isHere(played.streamId)) return undefined;
    return itemId === undefined || played.itemId === itemId ? played.streamId : undefined;
  }

  async function ask(
    streamId: string,
    request: IncomingMessage,
    body: Buffer,
  ): Promise<{ readonly answer: WholeAnswer; readonly playSessionId: string } | undefined> {
    const owner = await ownerOf(streamId);
    if (owner === undefined) return undefined;
    const url = PROXY_DOOR + (request.url ?? "/");
    const added = owner.headers.flat();
    const answer = await askJellyfin(target(owner), request, { url, added, body, answerMs });
    if (answer.status !== 200) return undefined;
    const told = playbackAnswerSchema.safeParse(await readJson(answer.headers, answer.body));
    return told.data && { answer, playSessionId: told.data.PlaySessionId };
  }

  return {
    streamOf,
    playbackInfo:
      (request, { viewer, itemId, body }) =>
      async (streamId = streamOf({ viewer, itemId })) => {
        if (isFromPeer(request)) return undefined;
        // What it plays from now on is known by what is found.
        byViewer.delete(viewer);
        if (streamId === undefined) return undefined;
        const found = await ask(streamId, request, body).catch((thrown: unknown) => {
          log.debug(`No other gateway answers: ${toUpreelError(thrown).message}`);
          return undefined;
        });
        if (found === undefined) return undefined;
        remember({ viewer, itemId, playSessionId: found.playSessionId, streamId });
        return found.answer;
      },
    tell(named, request, told) {
      const streamId = isFromPeer(request) ? undefined : streamOf(named);
      if (streamId === undefined) return false;
      mirror(streamId, request, told).catch((thrown: unknown) => {
        log.debug(`A report is not passed on: ${toUpreelError(thrown).message}`);
      });
      return true;
    },
  };
}
