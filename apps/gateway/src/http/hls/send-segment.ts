import { open, type FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { SegmentLocation, StreamFolder } from "@upreel/core";
import type { Request, Response } from "express";
import { fitRange, isOtherVersion } from "../server/range-header.ts";
import { isClientGone } from "../server/client-gone.ts";

/** Tells where segments lie. */
type Segments = Pick<StreamFolder, "locate">;

/** A segment whose bytes can be read to the end, whatever becomes of its file meanwhile. */
interface OpenSegment {
  readonly file: FileHandle;
  readonly location: SegmentLocation;
}

/** Between the look and the opening the file may have become a slice of the archive. */
const ATTEMPTS = 2;

async function openSegment(folder: Segments, segment: number): Promise<OpenSegment> {
  for (let attempt = 1; ; attempt += 1) {
    const location = await folder.locate(segment);
    try {
      return { file: await open(location.path, "r"), location };
    } catch (thrown) {
      const isGone = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
      if (!isGone || attempt === ATTEMPTS) throw thrown;
    }
  }
}

/** Answers with the segment or the one range of it that is asked for; with ETag, 304 and HEAD. */
export async function sendSegment(
  request: Request,
  response: Response,
  folder: Segments,
  segment: number,
): Promise<void> {
  const { file, location } = await openSegment(folder, segment);
  await using _ = file;
  const { length } = location;
  const etag = entityTag(location);
  response.setHeader("ETag", etag);
  response.setHeader("Accept-Ranges", "bytes");
  if (isOtherVersion(request, etag)) return void response.status(412).end();
  if (request.fresh) return void response.status(304).end();
  const range = wantedRange(request, length, etag);
  if (range === "unsatisfiable") {
    response.setHeader("Content-Range", `bytes */${length}`);
    response.setHeader("Cache-Control", "no-store");
    return void response.status(416).end();
  }
  if (range !== undefined) {
    response.status(206);
    response.setHeader("Content-Range", `bytes ${range.first}-${range.last}/${length}`);
  }
  const { first, last } = range ?? { first: 0, last: length - 1 };
  response.setHeader("Content-Length", last - first + 1);
  if (request.method === "HEAD") return void response.end();
  await write(response, { file, location }, first, last);
}

/** The whole segment, as the rest of an answer that has begun. */
export async function writeSegment(
  response: Response,
  folder: Segments,
  segment: number,
): Promise<void> {
  const opened = await openSegment(folder, segment);
  await using _ = opened.file;
  await write(response, opened, 0, opened.location.length - 1);
}

async function write(
  response: Response,
  { file, location }: OpenSegment,
  first: number,
  last: number,
): Promise<void> {
  const { start } = location;
  const bytes = file.createReadStream({
    start: start + first,
    end: start + last,
    autoClose: false,
  });
  try {
    await pipeline(bytes, response);
  } catch (thrown) {
    if (!isClientGone(thrown)) throw thrown;
  }
}

/** A segment and the slice that it becomes are the same bytes, but no validator may rely on it. */
const entityTag = ({ start, length, modifiedMs }: SegmentLocation): string =>
  `"${[length, start, Math.round(modifiedMs)].map((part) => part.toString(16)).join("-")}"`;

/** Several ranges at once are answered with everything, as RFC 9110 14.2 allows. */
function wantedRange(
  request: Request,
  length: number,
  etag: string,
): { first: number; last: number } | "unsatisfiable" | undefined {
  fitRange(request, length);
  const condition = request.get("If-Range");
  if (condition !== undefined && condition !== etag) return undefined;
  const ranges = request.range(length, { combine: true });
  if (ranges === -1) return "unsatisfiable";
  if (ranges === undefined || ranges === -2 || ranges.type !== "bytes") return undefined;
  const [range] = ranges;
  if (range === undefined || ranges.length > 1) return undefined;
  return { first: range.start, last: range.end };
}
