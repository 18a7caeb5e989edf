import { type FilmTiming, toNumber, type FileIdentity, type Scan, type Source } from "@upreel/core";
import { ffprobeFileSchema, type FfprobeFile } from "../ffmpeg/ffprobe-json.ts";
import { ffprobe } from "../ffmpeg/ffprobe.ts";
import { beginsWith } from "../colours/colours-at.ts";
import { NO_COLOURS, findColours } from "../colours/find-colours.ts";
import { findScan } from "../look/fields/find-scan.ts";
import { readLight } from "../hdr/read-light.ts";
import {
  indexPackets,
  type PacketIndex,
  type PacketIndexing,
} from "../packet-index/packet-index.ts";
import type { TimedSource } from "../look/content-samples.ts";
import { chooseAudioTrack } from "../sound/plan-audio.ts";
import { isLengthDoubtful, requirePlausibleLength } from "./plausible-length.ts";
import { groupsIn } from "../packet-index/groups-in.ts";
import { describeSounds } from "../sound/describe-sounds.ts";
import { endingOf, type FileEnding } from "./file-ending.ts";
import { timeByScan } from "./time-by-scan.ts";
import { framesAreInterlaced } from "../tracks/frames-are-interlaced.ts";
import { picturesOf } from "../look/pictures-of.ts";
import type { ProbeTools } from "./probe-tools.ts";
import { takeLook } from "../look/take-look.ts";
import { noVideo, requireVideo } from "./require-video.ts";
import { claimedEndSeconds, type FilmGrid } from "./time-film.ts";
import { findFonts } from "../subtitles/film-fonts.ts";
import {
  describeAudio,
  describeChapters,
  describeSubtitle,
  streamsOfProgramme,
} from "../tracks/tracks.ts";
import { canBeInterlaced, describeVideo, fieldOrderSaysInterlaced } from "../tracks/video-track.ts";

/** What probing a file gives: the source, and its timeline but for the cut in segments. */
export interface Probed extends FilmTiming {
  readonly source: Source;
  /** What the packets say; only the first part of a long film (`end.why` is "stopped" then). */
  readonly index: PacketIndex;
  readonly ending: FileEnding;
  /** How its fields were taken, as far as they were looked at; the source holds what of it agrees with the times. */
  readonly seen: Scan | undefined;
}

export interface ProbeOptions {
  /** Whether all packets of a long film are read, too. */
  readonly readsAll?: boolean;
  /** Whether the file is still being written; the film then ends where all is certain by now. */
  readonly isGrowing?: boolean;
  /** The rate and the first frame that the film was begun with. */
  readonly grid?: FilmGrid | undefined;
  /** Whether its fields are looked at as thoroughly as if all of it were read. */
  readonly looksThoroughly?: boolean;
  /** How the film was taken, if that is known already, so that its fields are not looked at; `scan` undefined: they do not tell. */
  readonly seen?: { readonly scan: Scan | undefined } | undefined;
  /**
   * Called as soon as the packets are read, with no more than the pictures of the film: what they look like may still
   * change the rest. A film that turns out to be telecined gets another timing.
   */
  readonly onTimed?: ((film: TimedSource) => void) | undefined;
}

/** Films that are longer have more packets than the first part that is read, as a rule: less of them will do. */
const LONG_SECONDS = 360;

/**
 * Reads what a file holds: its header, and all its packets or, of a long film, those of the first part
 * unless `readsAll`.
 * Throws `source_unreadable`, `source_no_video` or `source_too_long`; that the file exists is the caller's to check.
 */
export async function probeSource(
  file: FileIdentity,
  tools: ProbeTools,
  signal: AbortSignal,
  options: ProbeOptions = {},
): Promise<Probed> {
  const indexing = indexPackets(file, tools, signal);
  try {
    const about = await ffprobe(
      ffprobeFileSchema,
      file.path,
      ["-show_format", "-show_streams", "-show_programs", "-show_chapters"],
      tools,
      signal,
    );
    return await probeWith(about, { ...indexing, ...options }, file, tools, signal);
  } finally {
    indexing.stop();
  }
}

async function probeWith(
  probe: FfprobeFile,
  indexing: PacketIndexing & ProbeOptions,
  file: FileIdentity,
  tools: ProbeTools,
  signal: AbortSignal,
): Promise<Probed> {
  // A file that is no film is refused here, before its packets are read.
  const claimed = requireVideo(file.path, probe);
  // At the same time as the packets, which take as long.
  const isThorough = indexing.readsAll === true;
  const needsAll = (first: PacketIndex): boolean =>
    isThorough || claimedEndSeconds(probe, claimed) === undefined || hasJump(first);
  // Decided by the file alone, so that a film is planned alike on every machine.
  const isLong = (claimedEndSeconds(probe, claimed) ?? 0) > LONG_SECONDS;
  const firstPart = isLong ? indexing.beginning : indexing.firstPart;
  const willBeReviewed = firstPart.then(
    (first) => first.end.why === "stopped" && !needsAll(first),
    () => false,
  );
  const film = { path: file.path, format: probe.format, stream: claimed };
  const { seen: known } = indexing;
  const { look = takeLook } = tools;
  const how = { isThorough: isThorough || indexing.looksThoroughly === true };
  const looking =
    isFollowed(indexing) || known !== undefined
      ? Promise.resolve(known?.scan)
      : findScan({ ...film, ...how, willBeReviewed }, { ...tools, look }, signal);
  // Awaited below; until then the packets may fail first.
  looking.catch(() => {});
  let index = await firstPart;
  if (index.end.why === "stopped" && needsAll(index)) index = await indexing.whole;
  if (indexing.isGrowing === true) index = { ...index, end: { why: "growing" } };
  const stream = requireVideo(file.path, probe, index);
  const streams = streamsOfProgramme(probe, stream);
  const isInterlaced =
    fieldOrderSaysInterlaced(stream) ??
    (canBeInterlaced(stream.codec_name ?? "") &&
      (await framesAreInterlaced(file.path, stream.index, tools, signal)));
  const described = { ...describeVideo(stream, isInterlaced), ...groupsIn(index, stream) };
  const lit = await readLight(file.path, described, tools, signal);
  const audio = streams.filter((s) => s.codec_type === "audio");
  const request = {
    ...{ probe, stream, index, isInterlaced },
    sounds: audio.map((track) => track.index),
    mainSound: chooseAudioTrack(audio.map((track) => describeAudio(track, 0)))?.index,
    claimed: [lit.averageRate, lit.realRate],
    grid: indexing.grid,
  };
  const format = probe.format.format_name;
  if (indexing.onTimed !== undefined) {
    const { timing } = timeByScan(request, undefined);
    if (timing !== undefined) indexing.onTimed(picturesOf(file, { format, video: lit, timing }));
  }
  const seen = stream.index === claimed.index ? await looking : undefined;
  const { timing, scan } = timeByScan(request, seen);
  if (timing === undefined) throw noVideo(file.path, "a video track without a single picture");

  const video = scan === undefined ? lit : { ...lit, scan };
  const zeroSeconds = timing.zeroMicros / 1e6;
  const seconds = timing.frameCount / toNumber(timing.rate);
  const claim = { ...file, zeroSeconds, seconds };
  requirePlausibleLength(claim);
  if (isLengthDoubtful(claim)) {
    const log = (index.end.why === "stopped" ? await indexing.whole : index).tracks.find(
      ({ track }) => track === stream.index,
    );
    const pictures = (log?.pictures.length ?? 0) + (log?.untimed ?? 0);
    requirePlausibleLength({ ...claim, pictures });
  }
  const [sounds, colours] = await Promise.all([
    describeSounds({ path: file.path, format, streams: audio, index, timing }, tools, signal),
    isFollowed(indexing)
      ? NO_COLOURS
      : findColours(
          {
            ...{ path: file.path, track: stream.index, format, timing, isThorough },
            groupSeconds: video.longestGroupSeconds,
          },
          tools,
          signal,
        ),
  ]);
  return {
    ...timing,
    ...(colours.changes.length === 0 ? {} : { colours: [...colours.changes] }),
    source: {
      ...file,
      format,
      durationSeconds: seconds,
      video: beginsWith(video, colours),
      audio: sounds,
      subtitles: streams.filter((s) => s.codec_type === "subtitle").map(describeSubtitle),
      fonts: findFonts(streams),
      chapters: describeChapters(probe.chapters, timing),
    },
    ...{ index, seen },
    ending: endingOf(probe, stream, index),
  };
}

/** Only how long it is by now is asked for. */
const isFollowed = ({ isGrowing, grid }: ProbeOptions): boolean =>
  isGrowing === true && grid !== undefined;

const hasJump = ({ tracks }: PacketIndex): boolean =>
  tracks.some(({ kind, fragments }) => kind === "video" && fragments.length > 1);
