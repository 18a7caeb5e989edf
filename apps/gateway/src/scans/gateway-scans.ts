import { dirname } from "node:path";
import type { EventBus, Jobs, Log, StreamRecords } from "@upreel/core";
import { isBusy, untilIdle } from "@upreel/engine";
import { createJellyfinClient } from "@upreel/jellyfin";
import { glanceAtFilm } from "@upreel/media";
import { openScans, type Scans } from "@upreel/scan";
import type { MediaFiles } from "@upreel/sources";
import type { Streams } from "@upreel/streams";
import { programsPath, type Config } from "../config.ts";
import { keepSegments } from "../jellyfin/keep-segments.ts";
import { foldersFor } from "../jellyfin/locate-film.ts";
import { BUILT_IN_PLUGINS } from "./built-in.ts";
import { seasonInJellyfin } from "./season-in-jellyfin.ts";

export interface GatewayScansParts {
  readonly files: MediaFiles;
  readonly roots: readonly string[];
  readonly streams: Streams;
  readonly records: Pick<StreamRecords, "subscribe">;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly events: EventBus;
  /** 19, unless a machine is so busy that plugins would never get anything: that of a test. */
  readonly niceness?: number;
}

/** A header is read in moments; a disk that hangs is asked again with the next film. */
const GLANCE_MS = 60_000;

/** Plugins that look at each film that somebody watches or upscales, when nothing is upscaled. */
export function openGatewayScans(config: Config, parts: GatewayScansParts): Scans {
  const { files, roots, streams, records, log, events } = parts;
  const { url, apiKey } = config.jellyfin;
  // Its own client: what cannot be stored is no reason to ask Jellyfin less for whoever watches.
  const client = url && apiKey ? createJellyfinClient({ url, apiKey }) : undefined;
  const scans = openScans({
    ...{
      jobs: parts.jobs,
      dataDir: config.dataDir,
      isOn: config.scans,
      builtIn: BUILT_IN_PLUGINS,
      log,
      events,
    },
    ...{
      ownConfig: { ffmpeg: config.ffmpeg, ffprobe: config.ffprobe },
      path: programsPath(),
      niceness: parts.niceness ?? 19,
    },
    places: {
      identify: (path) => files.locate(path, foldersFor(path, roots)),
      season: client && ((path, signal) => seasonInJellyfin({ client, config }, path, signal)),
      async beside(path) {
        const { entries } = await files.list(dirname(path), foldersFor(path, roots));
        return entries.filter(({ kind }) => kind === "film").map((entry) => entry.path);
      },
      async durationOf({ path }, signal) {
        const bounded = AbortSignal.any([signal, AbortSignal.timeout(GLANCE_MS)]);
        const glance = await glanceAtFilm(path, config, bounded).catch(() => undefined);
        return glance?.durationSeconds ?? undefined;
      },
    },
    viewers: {
      needProcessor: () => isBusy(streams),
      untilIdle: (signal) => untilIdle(streams, signal),
    },
    nowMs: () => Date.now(),
  });
  const unsubscribe = records.subscribe((_, record) => {
    if (record !== undefined) scans.want(record.file.path);
  });
  const segments =
    client && keepSegments({ config, client, scans, files, roots, log, nowMs: () => Date.now() });
  return {
    ...scans,
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await segments?.[Symbol.asyncDispose]();
      await scans[Symbol.asyncDispose]();
    },
  };
}
