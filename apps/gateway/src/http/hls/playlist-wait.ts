import { readFile } from "node:fs/promises";
import type { Response } from "express";
import type { GatewayDeps } from "../deps.ts";

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
