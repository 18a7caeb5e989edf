import { UpreelError } from "@upreel/core/plain";
import { Tensor, type InferenceSession } from "onnxruntime-node";
import type { ColourMatrix } from "./colour-matrix.ts";
import { cutFace } from "./cut-face.ts";
import type { FrameForm } from "./frame-form.ts";
import { describeTensors, loadNetwork, tensorsOf } from "./load-network.ts";
import { readDetections, type FoundFace, type Grid } from "./read-detections.ts";
import { LANDMARKS, type Point } from "./similarity.ts";

/** Finds the faces of a frame, in its pixels. */
export interface FaceDetector {
  detect(frame: Uint8Array, form: FrameForm, matrix: ColourMatrix): Promise<readonly FoundFace[]>;
  release(): Promise<void>;
}

/** Of YuNet, pixels between the cells of its grids. */
const STRIDES = [8, 16, 32] as const;
const ANSWERS = { cls: 1, obj: 1, bbox: 4, kps: 2 * LANDMARKS } as const;
/** Where a network takes any size. */
const DEFAULT_SIDE = 640;
const LARGEST_SIDE = 2_048;

/**
 * YuNet (opencv_zoo, MIT): BGR of 0 to 255, and for each stride `cls`, `obj`, `bbox` and `kps`. Throws `model_unusable` for
 * any other network.
 */
export async function loadFaceDetector(
  file: string,
  options: Parameters<typeof loadNetwork>[1],
): Promise<FaceDetector> {
  const session = await loadNetwork(file, options);
  const { input, strides } = formOf(session, file);
  const [width, height] = [sideOf(input.dims[3]), sideOf(input.dims[2])];
  const rgb = new Float32Array(3 * width * height);
  return {
    async detect(frame, form, matrix) {
      // As large as it fits in, in the upper left corner; the rest repeats the border.
      const scale = Math.max(form.width / width, form.height / height);
      const shift = (scale - 1) / 2;
      const toFrame = { a: scale, b: 0, tx: shift, ty: shift };
      cutFace(frame, form, matrix, toFrame, { width, height }, rgb);
      const x = new Tensor("float32", toBgrPlanes(rgb, width * height), [1, 3, height, width]);
      const answers = await session.run({ [input.name]: x });
      const grids = strides.map((stride) => gridOf(answers, stride, width, height));
      const toPixels = ({ x: u, y: v }: Point): Point => ({
        x: u * scale + shift,
        y: v * scale + shift,
      });
      return readDetections(grids)
        .map(({ box, points, score }) => ({
          box: {
            ...toPixels(box),
            width: box.width * scale,
            height: box.height * scale,
          },
          points: points.map(toPixels),
          score,
        }))
        .filter(({ box }) => isIn(box, form));
    },
    release: () => session.release(),
  };
}

/** Not one that was found in the repeated border. */
const isIn = ({ x, y, width, height }: FoundFace["box"], form: FrameForm): boolean =>
  x + width / 2 < form.width && y + height / 2 < form.height && x + width > 0 && y + height > 0;

function formOf(session: InferenceSession, file: string) {
  const [input, ...others] = tensorsOf(session.inputMetadata);
  const outputs = tensorsOf(session.outputMetadata).map(({ name }) => name);
  const strides = STRIDES.filter((stride) =>
    Object.keys(ANSWERS).every((answer) => outputs.includes(`${answer}_${stride}`)),
  );
  const takesPictures = input?.type === "float32" && input.dims.length === 4 && others.length === 0;
  if (input !== undefined && takesPictures && input.dims[1] === 3 && strides.length > 0)
    return { input, strides };
  throw new UpreelError("model_unusable", `${file} is not a face detector that Upreel can use`, {
    expected: "YuNet: one input float32 [1,3,height,width], outputs cls_8, obj_8, bbox_8, kps_8 …",
    got: `inputs ${describeTensors(tensorsOf(session.inputMetadata))}; outputs ${outputs.join(", ")}`,
  });
}

const sideOf = (dim: number | string | undefined): number =>
  typeof dim === "number" && dim >= 32 && dim <= LARGEST_SIDE ? dim : DEFAULT_SIDE;

function gridOf(
  answers: InferenceSession.ReturnType,
  stride: number,
  width: number,
  height: number,
): Grid {
  const columns = Math.ceil(width / stride);
  const cells = columns * Math.ceil(height / stride);
  const read = (answer: keyof typeof ANSWERS): Float32Array => {
    const { data } = answers[`${answer}_${stride}`] ?? {};
    const expected = ANSWERS[answer] * cells;
    if (data instanceof Float32Array && data.length === expected) return data;
    throw new UpreelError("inference_failed", "The face detector gave an answer of another form", {
      expected: `${answer}_${stride}: ${expected} numbers`,
      got: `${data?.length ?? 0}`,
    });
  };
  return {
    ...{ stride, columns, cls: read("cls"), obj: read("obj") },
    ...{ bbox: read("bbox"), kps: read("kps") },
  };
}

function toBgrPlanes(rgb: Float32Array, pixels: number): Float32Array {
  const planes = new Float32Array(3 * pixels);
  for (let i = 0, at = 0; i < pixels; i++, at += 3) {
    planes[i] = rgb[at + 2] ?? 0;
    planes[pixels + i] = rgb[at + 1] ?? 0;
    planes[2 * pixels + i] = rgb[at] ?? 0;
  }
  return planes;
}
