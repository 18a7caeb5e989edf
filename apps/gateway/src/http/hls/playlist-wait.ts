import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { keepAlive } from "../../waiting/keep-alive.ts";
import type { GatewayDeps } from "../deps.ts";
import { PLAYLIST_TYPE, sendPlaylist } from "../server/send-file.ts";

/** The text of a live playlist that a player can start with; undefined before its first segment. */
export async function readPlayable(path: string): Promise<string | undefined> {
  const playlist = await readFile(path, "utf8").catch((thrown: unknown) => {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return "";
    throw thrown;
  });
  return playlist.includes("#EXTINF") ? playlist : undefined;
}

/** Ends a wait when the client goes or the server closes. */
export function waiting(
  deps: GatewayDeps,
  response: Response,
): { signal: AbortSignal; ms: number } {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return { signal: AbortSignal.any([gone.signal, deps.closing]), ms: deps.hold.playlistMs };
}

/** The first line of every playlist. */
const FIRST_LINE = "#EXTM3U\n";
/** Lines that begin with # and not with #EXT are comments: RFC 8216 §4.1. */
const FILLER = { first: FIRST_LINE, next: "# This film is not ready yet\n" };

/**
 * Sends a playlist as soon as `find` has it, however long that takes: a player takes an error for the end
 * of the film. It begins before, and comments keep its line alive, since players give up on a silent one.
 * What fails before that is answered with the error; after that, the connection is cut.
 */
export async function sendOnceThere(
  deps: GatewayDeps,
  request: Request,
  response: Response,
  find: (bounds: { readonly signal: AbortSignal }) => Promise<string | Iterable<string>>,
): Promise<void> {
  const { signal } = waiting(deps, response);
  const playlist = find({ signal });
  const { playlistSilentMs: silentMs, packetEveryMs } = deps.hold;
  response.type(PLAYLIST_TYPE).setHeader("Cache-Control", "no-cache");
  const timing = { silentMs, packetEveryMs, filler: FILLER };
  const held = await keepAlive(playlist, response, timing, signal);
  if (held === "ready") return sendPlaylist(request, response, await playlist);
  if (held === "begun") await pipeline(Readable.from(withoutFirstLine(await playlist)), response);
}

function* withoutFirstLine(pieces: string | Iterable<string>): Generator<string, void> {
  let isFirst = true;
  for (const piece of typeof pieces === "string" ? [pieces] : pieces) {
    yield isFirst ? piece.replace(FIRST_LINE, "") : piece;
    isFirst = false;
  }
}
