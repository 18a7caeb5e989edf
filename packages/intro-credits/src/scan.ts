import type {
  Chapter,
  Fingerprint,
  Host,
  MediaScanResponse,
  ScanFile,
  Skipped,
} from "@upreel/plugin-sdk";
import { findBlackEnd } from "./black-end.ts";
import { creditsPart, introPart } from "./parts-of-film.ts";
import { decodePoints, encodePoints } from "./points.ts";
import { readPoints } from "./read-points.ts";
import { findCommonSpans, type HeardEpisode } from "./season.ts";
import type { Span } from "./span.ts";

/** Another one as soon as a fingerprint is made in another way. */
export const ALGORITHM_VERSION = "1";

/** Shorter films have neither. */
const SHORTEST_SECONDS = 60;

interface Findings {
  readonly ffmpeg: string;
  readonly host: Pick<Host, "log">;
  readonly fingerprints: Fingerprint[];
  readonly chapters: Chapter[];
  readonly skipped: Skipped[];
}

/** The episodes of a season: by what they sound alike in; credits also by black pictures. */
export async function scanSeason(
  files: readonly ScanFile[],
  ffmpeg: string,
  host: Pick<Host, "log">,
): Promise<MediaScanResponse> {
  const findings: Findings = { ffmpeg, host, fingerprints: [], chapters: [], skipped: [] };
  const long = keepLong(files, findings);
  const intros = await listen(long, "intro-sound", introPart, findings);
  const ends = await listen(long, "credits-sound", (file) => creditsPart(file, true), findings);
  const [introOf, creditsOf] = [findCommonSpans(intros), findCommonSpans(ends)];
  for (const file of long) {
    const { fileId } = file;
    const intro = introOf.get(fileId);
    if (intro !== undefined) findings.chapters.push(chapter(file, "intro", intro));
    const credits =
      creditsOf.get(fileId) ?? (await blackEnd(file, creditsPart(file, true), findings));
    if (credits !== undefined) findings.chapters.push(chapter(file, "credits", credits));
    const isSkipped = findings.skipped.some((each) => each.fileId === fileId);
    if (intro === undefined && credits === undefined && !isSkipped)
      findings.skipped.push({
        fileId,
        reason: files.length === 1 ? "single_episode" : "no_match_found",
      });
  }
  return answer(findings);
}

/** A film by itself: its credits. */
export async function scanFilm(
  file: ScanFile,
  ffmpeg: string,
  host: Pick<Host, "log">,
): Promise<MediaScanResponse> {
  const findings: Findings = { ffmpeg, host, fingerprints: [], chapters: [], skipped: [] };
  for (const long of keepLong([file], findings)) {
    const credits = await blackEnd(long, creditsPart(long, false), findings);
    if (credits === undefined)
      findings.skipped.push({ fileId: long.fileId, reason: "no_match_found" });
    else findings.chapters.push(chapter(long, "credits", credits));
  }
  return answer(findings);
}

const answer = ({ fingerprints, chapters, skipped }: Findings): MediaScanResponse => ({
  ...{ fingerprints, chapters, skipped },
});

function keepLong(files: readonly ScanFile[], { skipped }: Findings): readonly ScanFile[] {
  return files.filter(({ fileId, duration }) => {
    const isLong = duration >= SHORTEST_SECONDS;
    if (!isLong) skipped.push({ fileId, reason: "too_short" });
    return isLong;
  });
}

async function listen(
  files: readonly ScanFile[],
  type: string,
  partOf: (file: ScanFile) => Span,
  { ffmpeg, host, fingerprints, skipped }: Findings,
): Promise<readonly HeardEpisode[]> {
  const heard: HeardEpisode[] = [];
  if (files.length < 2) return heard;
  for (const file of files) {
    const part = partOf(file);
    const cached = file.cachedFingerprints.find((each) => each.type === type)?.fingerprint;
    try {
      const points =
        typeof cached === "string"
          ? decodePoints(cached)
          : await readPoints(ffmpeg, file.path, part);
      heard.push({ file, points, start: part.start });
      if (typeof cached !== "string")
        fingerprints.push({
          ...{ fileId: file.fileId, type, algorithmVersion: ALGORITHM_VERSION },
          fingerprint: encodePoints(points),
        });
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      host.log("warn", `${file.path}: ${message}`);
      if (!skipped.some(({ fileId }) => fileId === file.fileId))
        skipped.push({ fileId: file.fileId, reason: "fingerprint_failed", message });
    }
  }
  return heard;
}

/** Where this part of the film is black. It is looked at once, and remembered. */
async function blackEnd(
  file: ScanFile,
  part: Span,
  { ffmpeg, host, fingerprints }: Findings,
): Promise<Span | undefined> {
  const type = "black-end";
  const cached = file.cachedFingerprints.find((each) => each.type === type)?.metadata;
  if (cached !== undefined && cached !== null) return spanIn(cached);
  try {
    const span = await findBlackEnd(ffmpeg, file.path, part);
    fingerprints.push({
      ...{ fileId: file.fileId, type, algorithmVersion: ALGORITHM_VERSION },
      metadata: span === undefined ? {} : { ...span },
    });
    return span;
  } catch (thrown) {
    host.log("warn", `${file.path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return undefined;
  }
}

function spanIn({ start, end }: Readonly<Record<string, unknown>>): Span | undefined {
  return typeof start === "number" && typeof end === "number" ? { start, end } : undefined;
}

const chapter = (
  { fileId, duration }: ScanFile,
  role: "intro" | "credits",
  { start, end }: Span,
): Chapter => ({
  ...{ fileId, role },
  startTime: Math.max(0, start),
  endTime: Math.min(end, duration),
});
