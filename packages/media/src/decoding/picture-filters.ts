import { chromaStrips, type Output, type Source, type Timeline } from "@upreel/core";
import { completeColour, isRgbFormat, scaleMatrixName } from "../picture/colour.ts";
import { changedColours } from "../colours/colours-at.ts";
import { sdrTablePath } from "../colours/sdr-table.ts";
import { cubePath } from "../hdr/cube-file.ts";
import { toneMapFilters, type ColourLookUp } from "../hdr/tone-map-filters.ts";
import { shaderPath } from "../hdr/tone-map-shader.ts";
import { uprightSize, type Size } from "../picture/picture-size.ts";

export interface PictureWish {
  /** Its description holds for the pictures that are filtered. */
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
  readonly pixelFormat: "yuv444p" | "gbrp" | "yuv420p";
  readonly hasFullChroma?: boolean | undefined;
  readonly chromaSize?: Size | undefined;
  /** The Vulkan device on which HDR becomes SDR; undefined: the processor does it. */
  readonly toneMapDevice?: number | undefined;
}

/** The picture in the size, the colours and the format that are wanted. */
export function pictureFilters(request: PictureWish, size: Size): string[] {
  const { pixelFormat, source, output } = request;
  if (request.chromaSize !== undefined) return [withOwnChroma(request, request.chromaSize, size)];
  const lookUp = lookUpOf(request);
  if (lookUp === undefined) return [scale(request, size), `format=${pixelFormat}`];
  const hasDoubledChroma = pixelFormat === "yuv444p" && request.hasFullChroma !== true;
  const { video } = source;
  return toneMapFilters({
    ...{ video, lookUp, size, pixelFormat, hasDoubledChroma, colour: output.colour },
  });
}

/** How the colours of the pictures are found; undefined: they are those of the output. */
function lookUpOf(wish: PictureWish): ColourLookUp | undefined {
  const { source, timeline, output, toneMapDevice } = wish;
  const { hdr } = source.video;
  if (hdr !== undefined && toneMapDevice !== undefined)
    return { by: "shader", file: shaderPath(hdr) };
  if (hdr !== undefined) return { by: "table", file: cubePath(hdr) };
  const change = changedColours(source, timeline, output);
  return change === undefined ? undefined : { by: "table", file: sdrTablePath(change) };
}

/** Y of one size and U, V of another, one below the other in a grey picture. */
function withOwnChroma(request: PictureWish, chroma: Size, size: Size): string {
  const whole = { ...request, chromaSize: undefined, hasFullChroma: true };
  const { source, timeline } = request;
  const { video } = source;
  const isMapped = lookUpOf(request) !== undefined;
  // A table gave full chroma, which lies where luma does (on the left of each pair, in 4:2:0's words), in
  // the colours of the output.
  const colour = { ...video.colour, ...(isMapped && { chromaLocation: "left" as const }) };
  const { colours: _, ...plain } = timeline;
  const small = {
    ...request,
    source: { ...source, video: { ...video, colour } },
    timeline: isMapped ? plain : timeline,
    hasFullChroma: false,
  };
  const [u, v] = [chromaRows("u", chroma, size), chromaRows("v", chroma, size)];
  const rows = [...u.rows, ...v.rows];
  return [
    // HDR becomes SDR only once, before the split.
    `${isMapped ? `${pictureFilters(whole, size).join(",")},` : ""}split[whole][again]`,
    `[whole]${isMapped ? "" : `${scale(whole, size)},format=yuv420p,`}extractplanes=y[y]`,
    `[again]${scale(small, chroma)},format=yuv444p,extractplanes=u+v[u][v]`,
    ...u.filters,
    ...v.filters,
    `[y]${rows.join("")}vstack=inputs=${1 + rows.length}`,
  ].join(";");
}

/** A plane in rows as wide as the picture, in columns below each other where it is wider; `rows` names what comes out. */
function chromaRows(plane: "u" | "v", chroma: Size, { width }: Size) {
  const { strips, stripWidth } = chromaStrips(chroma.width, width);
  const columns = Array.from({ length: strips }, (_, strip) => strip);
  const named = (kind: string): string[] => columns.map((strip) => `[${kind}${plane}${strip}]`);
  const [cut, rows] = [named("cut"), named("row")];
  return {
    rows,
    filters: [
      `[${plane}]split=${strips}${cut.join("")}`,
      ...columns.map((strip) => {
        const left = strip * stripWidth;
        const wide = Math.min(stripWidth, chroma.width - left);
        const column = `crop=${wide}:${chroma.height}:${left}:0`;
        return `${cut[strip]}${column},pad=${width}:${chroma.height}${rows[strip]}`;
      }),
    ],
  };
}

function scale(request: PictureWish, size: Size): string {
  const { source, output, pixelFormat } = request;
  const made = { matrix: output.colour.matrix ?? "bt709", range: output.colour.range ?? "tv" };
  const own = ownColours(request, made);
  const upright = uprightSize(source.video);
  const isChanged =
    upright.width !== size.width ||
    upright.height !== size.height ||
    own.matrix !== made.matrix ||
    own.range !== made.range;
  const options = [
    `${size.width}:${size.height}`,
    `flags=${scaleFlags(isChanged, pixelFormat)}`,
    ...(isRgbFormat(source.video.pixelFormat)
      ? []
      : [`in_color_matrix=${scaleMatrixName(own.matrix)}`, `in_range=${own.range}`]),
    ...(pixelFormat === "gbrp"
      ? []
      : [`out_color_matrix=${scaleMatrixName(made.matrix)}`, `out_range=${made.range}`]),
    ...chromaPosition(request),
  ];
  return `scale=${options.join(":")}`;
}

interface CodedColours {
  readonly matrix: string;
  readonly range: string;
}

/** Of the pictures that come: those of the output, but where the colours of a film change. */
function ownColours({ source, timeline }: PictureWish, made: CodedColours): CodedColours {
  const { colour, height } = source.video;
  return timeline.colours === undefined ? made : completeColour(colour, height);
}

/** Luma that keeps its size stays bit-exact without accurate_rnd, and chroma within 1 of 255. */
function scaleFlags(isResized: boolean, pixelFormat: PictureWish["pixelFormat"]): string {
  if (pixelFormat === "gbrp") return "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp";
  return isResized ? "lanczos+accurate_rnd" : "bicubic";
}

/**
 * Where chroma samples must be said to lie, in 1/256 of a luma pixel, for scaled planes to fit. Full
 * chroma: where they do lie. For the doubled picture, sample i lies at its luma pixel 2i, which is at
 * i − 1/4 of the source: a quarter of a pixel (64) away from where 4:4:4 would have it; at ×1.5 a third
 * (85), at ×f half a pixel of the output. Right by 3 dB of chroma over the scaler's default.
 */
function chromaPosition(request: PictureWish): string[] {
  const { source, output, pixelFormat, hasFullChroma, chromaSize } = request;
  if (pixelFormat === "yuv420p") return [];
  const location = source.video.colour.chromaLocation;
  const factor =
    chromaSize === undefined
      ? 2
      : Math.max(1, Math.round((4 * chromaSize.height) / output.inputHeight) / 2);
  const away = Math.round(128 / factor);
  const shift = pixelFormat === "gbrp" || hasFullChroma === true ? 0 : away;
  const isCentred = location === "center" || location === "top" || location === "bottom";
  const horizontal = isCentred ? [] : [`in_h_chr_pos=${shift}`];
  if (location?.startsWith("top") === true) return [...horizontal, `in_v_chr_pos=${shift}`];
  if (location?.startsWith("bottom") === true) {
    return [...horizontal, `in_v_chr_pos=${256 - shift}`];
  }
  return horizontal;
}
