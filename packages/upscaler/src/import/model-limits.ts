/** Weights beyond this are no network that upscales films; a protobuf may be 2 GiB. */
export const LARGEST_MODEL_BYTES = 512 * 2 ** 20;
