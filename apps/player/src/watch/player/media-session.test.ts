import { signal } from "@preact/signals";
import { afterEach, expect, it, vi } from "vitest";
import { joinMediaSession } from "./media-session.ts";
import type { Player } from "./player-controls.ts";

afterEach(() => vi.unstubAllGlobals());

it("an older browser, which knows some of it only, plays all the same", () => {
  const known = new Map<string, unknown>();
  const mediaSession = {
    playbackState: "none",
    metadata: undefined as unknown,
    setActionHandler(action: string, handler: unknown) {
      if (action === "seekto") throw new TypeError("seekto is no MediaSessionAction");
      if (handler === null) known.delete(action);
      else known.set(action, handler);
    },
  };
  vi.stubGlobal("navigator", { mediaSession });
  vi.stubGlobal("MediaMetadata", class {});
  const player = { duration: signal(10), position: signal(1), wantsToPlay: signal(true) };
  const closing = new AbortController();
  joinMediaSession(player as unknown as Player, () => "Film", closing.signal);
  expect([...known.keys()]).toEqual(["play", "pause", "seekbackward", "seekforward"]);
  expect(mediaSession.playbackState).toBe("playing");
  closing.abort();
  expect(known.size).toBe(0);
});
