import type { VideoTrack } from "@upreel/core";
import { scaleMatrixName } from "../picture/colour.ts";
import { uprightSize, type Size } from "../picture/picture-size.ts";

/** Of the pictures that `toneMapFilters` gives. */
export const SDR_COLOUR = {
  range: "tv",
  matrix: "bt709",
  primaries: "bt709",
  transfer: "bt709",
  chromaLocation: "left",
} as const;

/** How the colours of a picture are found, by a file that was written before. */
export type ColourLookUp =
  /** A table on the processor: `cubePath` or `sdrTablePath`. */
  | { readonly by: "table"; readonly file: string }
  /** Computed on the device that ffmpeg's filters have (`onDevice`): `shaderPath`. */
  | { readonly by: "shader"; readonly file: string };

export interface ToneMapRequest {
  readonly video: VideoTrack;
  readonly size: Size;
  readonly pixelFormat: "yuv444p" | "gbrp" | "yuv420p";
  /** Of `yuv444p`: sample i lies at i − 1/4, as the 4:2:0 chroma of the doubled picture does. */
  readonly hasDoubledChroma?: boolean;
  readonly lookUp: ColourLookUp;
  /** What the pictures are coded in. Default: `SDR_COLOUR`. */
  readonly colour?: VideoTrack["colour"];
}

const EXACT = "accurate_rnd+full_chroma_int+full_chroma_inp";

/**
 * ffmpeg filters that make SDR pictures of `size` and `pixelFormat` of HDR ones, or of SDR that
 * is coded otherwise, by a table that was written before. That takes no filter but ffmpeg's own, and is faster than the chain of zscale.
 */
export function toneMapFilters(request: ToneMapRequest): string[] {
  const { video, lookUp, size, pixelFormat, colour = SDR_COLOUR } = request;
  const upright = uprightSize(video);
  const isLarger = size.width * size.height > upright.width * upright.height;
  // In the smaller of the two sizes there are fewer pixels to look up.
  const mapped = isLarger ? upright : size;
  return [
    scale(mapped, [
      `flags=${isLarger ? "bicubic" : "lanczos"}+${EXACT}`,
      `in_color_matrix=${scaleMatrixName(video.colour.matrix ?? "bt2020nc")}`,
      `in_range=${video.colour.range ?? "tv"}`,
      ...chromaOf(video.colour.chromaLocation),
    ]),
    ...lookUpFilters(lookUp),
    `setparams=color_primaries=${colour.primaries ?? SDR_COLOUR.primaries}:color_trc=${colour.transfer ?? SDR_COLOUR.transfer}`,
    scale(size, [
      `flags=lanczos+${EXACT}`,
      ...(pixelFormat === "gbrp"
        ? []
        : [
            `out_color_matrix=${scaleMatrixName(colour.matrix ?? SDR_COLOUR.matrix)}`,
            `out_range=${colour.range ?? SDR_COLOUR.range}`,
          ]),
      ...(pixelFormat === "yuv420p" ? ["out_h_chr_pos=0"] : []),
      ...(request.hasDoubledChroma === true ? ["out_h_chr_pos=-64"] : []),
    ]),
    `format=${pixelFormat}`,
  ];
}

/** From and to RGB of 16 bits: what is done with chroma before and after is the same, wherever colours are found. */
function lookUpFilters({ by, file }: ColourLookUp): string[] {
  // ffmpeg looks colours of 16 bits up twice as fast as those of 10.
  if (by === "table")
    return ["format=gbrp16le", `lut3d=file=${filterValue(file)}:interp=tetrahedral`];
  return [
    // Of planes of 16 bits Vulkan has those with alpha alone.
    "format=gbrap16le",
    // SDR on both sides, so that libplacebo changes nothing of its own.
    "setparams=range=pc:color_primaries=bt709:color_trc=bt709:colorspace=gbr",
    "hwupload",
    `libplacebo=custom_shader_path=${filterValue(file)}:peak_detect=0:dithering=none`,
    "hwdownload",
    "format=gbrap16le",
  ];
}

/** ffmpeg options, before the inputs, that give its filters a Vulkan device, by its place in ffmpeg's list. */
export const onDevice = (index: number): string[] => [
  ...["-init_hw_device", `vulkan=tones:${index}`, "-filter_hw_device", "tones"],
];

const scale = ({ width, height }: Size, options: readonly string[]): string =>
  `scale=${width}:${height}:${options.join(":")}`;

/** Where 4:2:0 chroma lies, in 1/256 of a luma pixel: on the left unless the film says otherwise. */
function chromaOf(location: string | undefined): string[] {
  const isCentred = location === "center" || location === "top" || location === "bottom";
  const horizontal = isCentred ? [] : ["in_h_chr_pos=0"];
  if (location?.startsWith("top") === true) return [...horizontal, "in_v_chr_pos=0"];
  if (location?.startsWith("bottom") === true) return [...horizontal, "in_v_chr_pos=256"];
  return horizontal;
}

/** Quoted for the option's own parsing, then for that of the graph. */
const filterValue = (text: string): string =>
  text.replace(/[\\':]/g, String.raw`\$&`).replace(/[\\'[\],;\s]/g, String.raw`\$&`);
