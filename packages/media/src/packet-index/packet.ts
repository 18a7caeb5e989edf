/** One packet of a picture or sound track, as demuxed; times in microseconds of the container's clock. */
export interface Packet {
  /** Index of the stream in the file. */
  readonly track: number;
  readonly kind: "video" | "audio";
  readonly ptsMicros: number | undefined;
  readonly dtsMicros: number | undefined;
  readonly durationMicros: number | undefined;
  readonly bytes: number;
  /** Where it begins in the file; undefined where it shares a larger unit with the one before. */
  readonly position: number | undefined;
  readonly isKey: boolean;
  /** Cut off by an edit list: decoded, but not shown. */
  readonly isDiscarded: boolean;
}

/** What `parsePacket` reads, as ffprobe's `-show_entries` takes it. */
export const PACKET_ENTRIES =
  "packet=codec_type,stream_index,pts_time,dts_time,duration_time,size,pos,flags";

/**
 * Reads a line of `ffprobe -of compact=p=0`. Names stay in it, since versions differ in the order;
 * side data may follow. undefined for what is no picture and no sound.
 */
export function parsePacket(line: string): Packet | undefined {
  const fields: Record<string, string> = {};
  for (const field of line.split("|")) {
    const at = field.indexOf("=");
    if (at > 0) fields[field.slice(0, at)] ??= field.slice(at + 1);
  }
  const kind = fields["codec_type"];
  const track = Number(fields["stream_index"]);
  if ((kind !== "video" && kind !== "audio") || !Number.isInteger(track)) return undefined;
  const flags = fields["flags"] ?? "";
  return {
    track,
    kind,
    ptsMicros: micros(fields["pts_time"]),
    dtsMicros: micros(fields["dts_time"]),
    durationMicros: micros(fields["duration_time"]),
    bytes: wholeNumber(fields["size"]) ?? 0,
    position: wholeNumber(fields["pos"]),
    isKey: flags.startsWith("K"),
    isDiscarded: flags.includes("D"),
  };
}

function micros(text: string | undefined): number | undefined {
  const value = Math.round(Number.parseFloat(text ?? "") * 1e6);
  return Number.isSafeInteger(value) ? value : undefined;
}

function wholeNumber(text: string | undefined): number | undefined {
  const value = Number.parseInt(text ?? "", 10);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
