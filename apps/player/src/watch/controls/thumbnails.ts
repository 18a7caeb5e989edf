import { urlOf } from "../../api/gateway.ts";

const AGAIN_MS = 2_000;

/** One small picture of a sprite sheet; lengths in its pixels. */
interface Thumbnail {
  readonly url: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Cue extends Thumbnail {
  readonly from: number;
}

/** The thumbnail that stands for a moment of the film. */
export type Thumbnails = (seconds: number) => Thumbnail | undefined;

/** Reads `thumbs.vtt`; without one there are no thumbnails. */
export async function loadThumbnails(id: string, signal: AbortSignal): Promise<Thumbnails> {
  const url = urlOf(`hls/${id}/thumbs.vtt`);
  const text = await fetch(url, { signal }).then(
    (response) => (response.ok ? response.text() : ""),
    () => "",
  );
  const cues = parseThumbnails(text, url);
  return (seconds) => {
    let found: Cue | undefined;
    for (const cue of cues) {
      if (cue.from > seconds) break;
      found = cue;
    }
    return found;
  };
}

/**
 * Calls back when a sheet has come. It is made when it is asked for, behind all other work: the gateway may say that it is
 * not there yet, so it is asked for again until `signal` aborts.
 */
export function whenLoaded(url: string, onLoaded: () => void, signal: AbortSignal): void {
  const image = new Image();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = (): void => void (image.src = url);
  image.addEventListener("load", onLoaded, { signal });
  image.addEventListener("error", () => (timer = setTimeout(ask, AGAIN_MS)), { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    image.src = "";
  });
  ask();
}

const CUE = /^([\d:.]+) --> [\d:.]+[^\n]*\n([^\n#]+)#xywh=(\d+),(\d+),(\d+),(\d+)/gm;

/** Cues of a WebVTT file whose texts are `picture.jpg#xywh=x,y,w,h`, in order. */
export function parseThumbnails(text: string, base: string): readonly Cue[] {
  return [...text.replace(/\r\n/g, "\n").matchAll(CUE)].map(
    ([, from = "", file = "", x, y, width, height]) => ({
      from: secondsOf(from),
      url: new URL(file.trim(), base).href,
      ...{ x: Number(x), y: Number(y), width: Number(width), height: Number(height) },
    }),
  );
}

const secondsOf = (stamp: string): number =>
  stamp.split(":").reduce((seconds, part) => 60 * seconds + Number(part), 0);
