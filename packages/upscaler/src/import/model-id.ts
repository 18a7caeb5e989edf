import { basename } from "node:path";
import type { ChannelOrder } from "@upreel/core";

/** Ending of the files that are models. */
export const MODEL_ENDING = ".onnx";

const VALID = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/;

/** Whether a name may stand in URLs, file names and settings as it is. */
export const isModelId = (id: string): boolean => VALID.test(id);

/** The id that a file of this name would have: its name without folder and ending, in safe characters. */
export function modelIdOf(fileName: string): string {
  const name = basename(fileName.replaceAll("\\", "/"));
  const stem = name.toLowerCase().endsWith(MODEL_ENDING)
    ? name.slice(0, -MODEL_ENDING.length)
    : name;
  const safe = stem.replaceAll(/[^A-Za-z0-9._+-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return safe.slice(0, 100);
}

/** What a model's file cannot say, its name does: `….bgr.onnx` and `…-bgr.onnx` were trained on BGR. */
export const orderOf = (id: string): ChannelOrder => (/[.-]bgr$/i.test(id) ? "bgr" : "rgb");
