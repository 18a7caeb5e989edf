/** Filters that are not needed with Upreel's picture, or that need hardware which it has not seen. */
const LEFT_OUT =
  /^(setparams|format|yadif|bwdif|tonemapx?|hwupload|hwmap|hwdownload|transpose|procamp_vaapi|(deinterlace|yadif|bwdif|tonemap|transpose|vpp|libplacebo)_\w+|libplacebo)$/;
const SCALES = /^scale(_\w+)?$/;
/** What of them a picture that is made without Upreel keeps: it is not made progressive, nor SDR, otherwise. */
const PLAIN = /^(setparams|yadif|bwdif|tonemapx?|format|transpose)$/;

/** The filters that hold the picture within the client's size; nothing else is needed behind Upreel. */
export function softwareFilters(
  chain: string | undefined,
): { readonly kept: readonly string[] } | { readonly whyNot: string } {
  const kept: string[] = [];
  for (const filter of splitFilters(chain ?? "")) {
    const name = nameOf(filter);
    if (SCALES.test(name)) kept.push(name === "scale" ? filter : softwareScale(filter));
    else if (/subtitles|^ass$|overlay/.test(name))
      return { whyNot: "subtitles are drawn into its picture" };
    else if (!LEFT_OUT.test(name)) return { whyNot: `the filter ${name}` };
  }
  return { kept: kept.filter((filter) => filter !== "") };
}

/** The filters of a picture that is made in memory from the source, in whatever size. */
export const plainFilters = (chain: string | undefined): string[] =>
  splitFilters(chain ?? "").filter((filter) => PLAIN.test(nameOf(filter)));

/** Widest picture that the filters let through, where they bound it. */
export function widthBound(filters: readonly string[]): number | undefined {
  const bounds = filters.flatMap((filter) => {
    const [, width] = /[=(,](\d{2,5})(?!\d)/.exec(filter) ?? [];
    return width === undefined ? [] : [Number(width)];
  });
  return bounds.length === 0 ? undefined : Math.min(...bounds);
}

const nameOf = (filter: string): string => /^[\w@]*/.exec(filter)?.[0] ?? "";

/** `scale_vaapi=w=1280:h=720:format=nv12` as a filter that holds pictures in memory within the same size. */
function softwareScale(filter: string): string {
  const [width, height] = ["w", "h"].map((side) => {
    const found = new RegExp(`[=:]${side}=(\\d+)`).exec(filter);
    return found?.[1];
  });
  if (width === undefined || height === undefined) return "";
  return `scale=w=${width}:h=${height}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
}

/** At commas that are neither escaped nor quoted. */
function splitFilters(chain: string): string[] {
  const filters: string[] = [];
  let filter = "";
  let isQuoted = false;
  for (let at = 0; at < chain.length; at += 1) {
    const character = chain[at] ?? "";
    if (character === "\\" && !isQuoted) {
      filter += character + (chain[at + 1] ?? "");
      at += 1;
    } else if (character === "," && !isQuoted) {
      filters.push(filter);
      filter = "";
    } else {
      if (character === "'") isQuoted = !isQuoted;
      filter += character;
    }
  }
  return [...filters, filter].filter((each) => each !== "");
}
