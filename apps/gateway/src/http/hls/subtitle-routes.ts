import { UpreelError } from "@upreel/core";
import { wholeList } from "@upreel/watcher";
import { Router, type Response } from "express";
import { requireText } from "@upreel/engine";
import type { GatewayDeps } from "../deps.ts";
import { settledRecord } from "./settled-record.ts";
import { waiting } from "./playlist-wait.ts";
import { sendFile, sendPlaylist } from "../server/send-file.ts";
import { inTime } from "../../waiting/within.ts";

const DRAWN_TYPES = { ass: "text/x-ssa", pgs: "application/octet-stream" } as const;

/** Subtitles: segments of text for players, and whole tracks for pages. */
export function subtitleRoutes(deps: GatewayDeps): Router {
  const { subtitles } = deps.renditions;
  const router = Router();

  const soon = <T>(made: Promise<T>, response: Response): Promise<T> =>
    inTime(made, waiting(deps, response), "the film is still being read; ask again");
  const send = (response: Response, text: string): void => {
    response.setHeader("Cache-Control", "public, max-age=86400");
    response.type("text/vtt").send(text);
  };

  router.get("/:id/subtitles/:index/playlist.m3u8", async (request, response) => {
    const { source, timeline } = await settledRecord(deps, request.params.id, response);
    requireText(await subtitles.tracksOf(source), numberOf(request.params.index));
    const seconds = subtitles.segmentSeconds(timeline);
    const linesOf = (k: number): string[] => [
      `#EXTINF:${(seconds[k] ?? 0).toFixed(6)},`,
      `${String(k).padStart(6, "0")}.vtt`,
    ];
    const targetSeconds = Math.max(1, Math.round(Math.max(...seconds)));
    const list = wholeList({ targetSeconds, count: seconds.length, linesOf });
    await sendPlaylist(request, response, list);
  });

  router.get("/:id/subtitles/:index.drawn", async (request, response) => {
    const record = await settledRecord(deps, request.params.id, response);
    const made = subtitles.drawn(record, numberOf(request.params.index));
    const { path, format } = await soon(made, response);
    response.setHeader("Cache-Control", "public, max-age=86400");
    response.type(DRAWN_TYPES[format]);
    await sendFile(response, { path });
  });

  router.get("/:id/subtitles/:name", async (request, response) => {
    const index = numberOf(/^(\d{1,6})\.vtt$/.exec(request.params.name)?.[1]);
    const record = await settledRecord(deps, request.params.id, response);
    send(response, await soon(subtitles.whole(record, index), response));
  });

  router.get("/:id/subtitles/:index/:name", async (request, response) => {
    const { id, index, name } = request.params;
    const k = numberOf(/^(\d{6})\.vtt$/.exec(name)?.[1]);
    const record = await settledRecord(deps, id, response);
    const count = subtitles.segmentSeconds(record.timeline).length;
    if (k >= count)
      throw new UpreelError("segment_not_found", `subtitles ${k} are past the end of the film`, {
        expected: `0 to ${count - 1}`,
        got: String(k),
      });
    send(response, await soon(subtitles.segment(record, numberOf(index), k), response));
  });
  return router;
}

function numberOf(text: string | undefined): number {
  if (text !== undefined && /^\d{1,6}$/.test(text)) return Number(text);
  throw new UpreelError("not_found", "no such subtitles", {
    expected: "a name that master.m3u8 or /tracks gives",
    got: text ?? "another name",
  });
}
