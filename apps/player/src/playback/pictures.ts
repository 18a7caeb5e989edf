import { urlOf } from "../api/gateway.ts";
import type { PictureKind } from "./decide.ts";
import { zeroOf } from "./film-clock.ts";
import { createPicture, type Picture } from "./picture.ts";

/** Both films of a stream, on one clock. */
export type Pictures = Readonly<Record<PictureKind, Picture>>;

/** Plays both films of a stream in these elements. */
export function createPictures(
  id: string,
  videos: Readonly<Record<PictureKind, HTMLVideoElement>>,
): Pictures {
  const zero = zeroOf(id);
  const of = (kind: PictureKind, name: string): Picture =>
    createPicture({ kind, video: videos[kind], url: urlOf(`hls/${id}/${name}`), zero });
  return {
    original: of("original", "original.m3u8"),
    upscaled: of("upscaled", "master.m3u8?ladder=on&waited=on"),
  };
}
