import { toNumber, type Rational } from "@upreel/core";

/** A variant of a master playlist. */
export interface Variant {
  readonly uri: string;
  /** Bits a second of its fullest segment, and on average. */
  readonly bandwidth: number;
  readonly averageBandwidth: number;
  readonly width: number;
  readonly height: number;
  readonly frameRate: Rational;
  /** Default: SDR. */
  readonly videoRange?: "PQ" | "HLG" | undefined;
  /** RFC 6381 names, of the renditions too; left out when one of them is not known. */
  readonly codecs: readonly string[] | undefined;
  /** Its segments come no sooner than those of the first variant: `X-WAITED-FOR`, which players that do not know it ignore (RFC 8216 6.3.1). */
  readonly isWaitedFor?: boolean;
}

/** EXT-X-MEDIA of one track. */
interface Rendition {
  /** The name that viewers see; no other in its group has the same. */
  readonly name: string;
  /** The language, in BCP 47. */
  readonly language: string | undefined;
  readonly isDefault: boolean;
  /** undefined: the sound is in the variant itself. */
  readonly uri: string | undefined;
}

export interface AudioRendition extends Rendition {
  readonly channels: number;
}

export interface SubtitleRendition extends Rendition {
  readonly isForced: boolean;
}

export interface Presentation {
  readonly variant: Variant;
  /** The same film for thinner lines; the renditions belong to these variants, too. */
  readonly lower?: readonly Variant[];
  readonly audio: readonly AudioRendition[];
  readonly subtitles: readonly SubtitleRendition[];
}

/** A master playlist (RFC 8216 4.3.4). URIs are relative. */
export function masterPlaylist({ variant, lower = [], audio, subtitles }: Presentation): string {
  const lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS"];
  for (const rendition of audio) {
    lines.push(
      media("AUDIO", "audio", rendition, [
        // Lets the player choose by its language setting if the viewer has chosen nothing.
        "AUTOSELECT=YES",
        `CHANNELS="${rendition.channels}"`,
      ]),
    );
  }
  for (const rendition of subtitles) {
    lines.push(
      media("SUBTITLES", "subtitles", rendition, [
        // RFC 8216 4.3.4.1: what is default must be selectable by the player.
        `AUTOSELECT=${rendition.isDefault || rendition.isForced ? "YES" : "NO"}`,
        `FORCED=${rendition.isForced ? "YES" : "NO"}`,
      ]),
    );
  }
  // A player that knows nothing of its line yet begins with the first variant.
  for (const each of [variant, ...lower])
    lines.push(
      streamInf(each, [
        ...(audio.length === 0 ? [] : ['AUDIO="audio"']),
        ...(subtitles.length === 0 ? [] : ['SUBTITLES="subtitles"']),
      ]),
      each.uri,
    );
  return `${lines.join("\n")}\n`;
}

function streamInf(variant: Variant, groups: readonly string[]): string {
  const attributes = [
    `BANDWIDTH=${Math.ceil(variant.bandwidth)}`,
    `AVERAGE-BANDWIDTH=${Math.ceil(variant.averageBandwidth)}`,
    `RESOLUTION=${variant.width}x${variant.height}`,
    `FRAME-RATE=${toNumber(variant.frameRate).toFixed(3)}`,
    ...(variant.videoRange === undefined ? [] : [`VIDEO-RANGE=${variant.videoRange}`]),
    ...(variant.codecs === undefined ? [] : [`CODECS="${variant.codecs.join(",")}"`]),
    ...(variant.isWaitedFor === true ? ["X-WAITED-FOR=YES"] : []),
    ...groups,
  ];
  return `#EXT-X-STREAM-INF:${attributes.join(",")}`;
}

function media(
  type: string,
  group: string,
  { name, language, isDefault, uri }: Rendition,
  more: readonly string[],
): string {
  const attributes = [
    `TYPE=${type}`,
    `GROUP-ID="${group}"`,
    `NAME="${quotable(name)}"`,
    ...(language === undefined ? [] : [`LANGUAGE="${quotable(language)}"`]),
    `DEFAULT=${isDefault ? "YES" : "NO"}`,
    ...more,
    ...(uri === undefined ? [] : [`URI="${quotable(uri)}"`]),
  ];
  return `#EXT-X-MEDIA:${attributes.join(",")}`;
}

/** RFC 8216 4.2: a quoted string holds neither line breaks nor quotes. */
const quotable = (text: string): string => text.replace(/["\p{Cc}\s]+/gu, " ").trim();
