import type { FaceWork } from "@upreel/core";
import type { Picture } from "../pictures/picture-planes.ts";
import { frameBytes, type FrameForm } from "./frame-form.ts";
import { loadFaceNetworks } from "./load-faces.ts";
import { createFaceFrames } from "./restore-faces.ts";

/** Networks for faces of single pictures. */
export interface FacePictures {
  /** In place. How many faces were restored; `isStopped`: nobody waits for more. */
  restore(picture: Picture, strength: number, isStopped?: () => boolean): Promise<number>;
  release(): Promise<void>;
}

export async function openFacePictures(work: FaceWork, threads: number): Promise<FacePictures> {
  const networks = await loadFaceNetworks(work, threads);
  return {
    async restore(picture, strength, isStopped) {
      const { width, height } = picture;
      const form: FrameForm = {
        ...{ width, height, pixelFormat: "gbrp", matrix: "bt709", range: "pc" },
      };
      const frame = new Uint8Array(frameBytes(form));
      toPlanes(picture, frame);
      const restored = await createFaceFrames(form, networks).restore(frame, strength, isStopped);
      if (restored > 0) fromPlanes(frame, picture);
      return restored;
    },
    async release() {
      await networks.detector.release();
      await networks.restorer.release();
    },
  };
}

/** Where green, blue and red lie in a pixel; of grey all are the same. */
const placesIn = ({ channels }: Picture): readonly [number, number, number] =>
  channels <= 2 ? [0, 0, 0] : [1, 2, 0];

function toPlanes(picture: Picture, frame: Uint8Array): void {
  const { bytes, channels, width, height } = picture;
  for (const [k, place] of placesIn(picture).entries()) {
    for (let i = 0, at = place; i < width * height; i++, at += channels)
      frame[k * width * height + i] = bytes[at] as number;
  }
}

function fromPlanes(frame: Uint8Array, picture: Picture): void {
  const { bytes, channels, width, height } = picture;
  const pixels = width * height;
  const isGrey = channels <= 2;
  for (let i = 0, at = 0; i < pixels; i++, at += channels) {
    const [g, b, r] = [0, 1, 2].map((k) => frame[k * pixels + i] as number) as [
      number,
      number,
      number,
    ];
    if (isGrey) bytes[at] = Math.round((r + g + b) / 3);
    else [bytes[at], bytes[at + 1], bytes[at + 2]] = [r, g, b];
  }
}
