import type { FindingText } from "./finding-text.ts";
import { JELLYFIN_TEXTS } from "./jellyfin-texts.ts";
import { HELP_BY_ENCODER, HELP_FOR_STAGE } from "./stage.ts";

const CHECK_AGAIN = "check again";
const CONTAINER_DRI =
  "give the container the GPU: `devices: [/dev/dri]` and the host's render group (`group_add`) in compose.yaml";
const CONTAINER_NVIDIA =
  "give the container the GPU: install nvidia-container-toolkit on the host, then `docker run --gpus all …`";
const INSTALL_CUDA =
  "`ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js`";

/**
 * Everything that `upreel doctor` and `GET /doctor` can say, by a code that stays: pages say it in their own
 * language. Values that are sentences of others (`{reason}`) stay English.
 */
export const FINDING_TEXTS = {
  node_works: { message: "Node {version}, {cores} cores" },
  node_old: {
    message: "Node {version} is too old to run TypeScript",
    fix: "start Upreel with `npm start`: it brings its own Node",
  },
  ffmpeg_works: { message: "ffmpeg {ffmpeg}, ffprobe {ffprobe}" },
  ffmpeg_missing: {
    message: "{reason}",
    fix: "`apt-get install ffmpeg`, or set FFMPEG and FFPROBE to their paths",
  },
  encoders_work: { message: "working: {encoders}" },
  encoder_wanted: {
    message: "VIDEO_ENCODER={wanted} does not work here; working: {encoders}",
    fix: "`VIDEO_ENCODER=auto`",
  },
  encoders_missing: {
    message: "{reason}",
    fix: "install an ffmpeg with libx264 (Debian's has it)",
  },
  hdr_on_gpu: { message: "HDR films become SDR on the GPU: {reason}" },
  hdr_on_processor: { message: "HDR films become SDR on the processor: {reason}" },
  models_work: { message: "MODEL={model}; {count} models are here (upreel models lists them)" },
  model_wanted: { message: "MODEL={model}: {reason}", fix: "`MODEL=auto`" },
  models_broken: { message: "{reason}", fix: "install Upreel again: its files are incomplete" },
  faces_work: {
    message: "FACES=on: {model} restores faces on {provider}, about {seconds} s for each",
  },
  faces_missing: {
    message: "FACES=on, but faces cannot be restored: {reason}",
    fix: "`upreel faces download`, or `FACES=off`",
  },
  disk_free: { message: "{free} GB free in {folder}" },
  disk_small: {
    message: "{free} GB free in {folder}",
    fix: "`upreel clean`, or set DATA_DIR to a larger disk",
  },
  disk_broken: {
    message: "{reason}",
    fix: "set DATA_DIR to a folder that this user may write to",
  },
  server_works: { message: "Valkey or Redis {version} answers" },
  server_old: {
    message: "FARM_URL: the server has version {version}",
    fix: "install Valkey, or Redis 7 or later",
  },
  server_forgets: {
    message: "FARM_URL: the server throws data away when its memory is full ({policy})",
    fix: "set `maxmemory-policy noeviction` on the server",
  },
  server_away: {
    message: "FARM_URL: {reason}",
    fix: "start the server, and check address, user and password in FARM_URL",
  },
  films_readable: { message: "{folder} can be read ({count} films and folders)" },
  films_unreadable: {
    message: "cannot read {folder}: {reason}",
    fix: "check MEDIA_ROOTS and the folder's permissions",
  },
  films_none: {
    message: "no film folder is set (MEDIA_ROOTS): films can only be started from the command line",
    fix: "`MEDIA_ROOTS=/path/to/films npm start`",
  },
  share_unreadable: {
    message: "the shared folder {folder} cannot be read: films are read over HTTP",
    fix: "mount it, or take it out of `--path-map` or `PATH_MAP`",
  },
  runtime_works: { message: "works; it can use: {backends}" },
  runtime_broken: { message: "ONNX Runtime does not load: {reason}", fix: "`npm ci`" },
  runtime_hangs: {
    message: "ONNX Runtime did not load within {seconds} s",
    fix: "check again when this machine has less to do; if that does not help: `npm ci`",
  },
  providers_interrupted: { message: "the check was interrupted: {reason}", fix: CHECK_AGAIN },
  provider_used: {
    message: "in use, about {fps} frames/s at 640×360 with the model “{model}”",
  },
  provider_slower: {
    message:
      "works, about {fps} frames/s at 640×360 with the model “{model}”; not used, because {other} is faster",
  },
  provider_later: {
    message:
      "works, about {fps} frames/s at 640×360 with the model “{model}”; not used, because {other} comes first in PROVIDERS",
  },
  provider_unchecked: { message: "it was not checked", fix: CHECK_AGAIN },
  provider_elsewhere: { message: "it exists on {system} only" },
  nvidia_none: { message: "no NVIDIA GPU found" },
  nvidia_not_in_container: {
    message: "no NVIDIA GPU in this container (no /dev/nvidia*)",
    fix: CONTAINER_NVIDIA,
  },
  libcuda_not_in_container: {
    message: "NVIDIA's driver library libcuda.so.1 is not in this container",
    fix: CONTAINER_NVIDIA,
  },
  libcuda_missing: {
    message: "NVIDIA's driver library libcuda.so.1 is missing",
    fix: "install NVIDIA's driver (Debian: `apt-get install nvidia-driver libcuda1`)",
  },
  nvidia_closed: {
    message: "this user may not open {device}",
    fix: "`sudo chmod a+rw {device}`",
  },
  runtime_without: { message: "ONNX Runtime came without {library}", fix: INSTALL_CUDA },
  runtime_library: {
    message: "ONNX Runtime's {provider} library does not load ({reason})",
    fix: `${INSTALL_CUDA}; it needs CUDA 12 and cuDNN 9 (Debian: \`apt-get install libcudnn9-cuda-12\`)`,
  },
  runtime_tensorrt: {
    message: "ONNX Runtime's {provider} library does not load ({reason})",
    fix: `${INSTALL_CUDA}; it needs CUDA 12 and cuDNN 9 (Debian: \`apt-get install libcudnn9-cuda-12\`) and TensorRT 10`,
  },
  vulkan_missing: {
    message: "{vendors} GPU found, but no Vulkan driver",
    fix: "`apt-get install mesa-vulkan-drivers` (AMD, Intel) or NVIDIA's own driver (nvidia-vulkan-icd)",
  },
  gpu_not_in_container: {
    message: "not found: no GPU and no Vulkan driver in this container",
    fix: CONTAINER_DRI,
  },
  gpu_none: {
    message: "not found: no GPU (/dev/dri is empty) and no Vulkan driver",
    fix: "with a GPU: its kernel driver, and `apt-get install mesa-vulkan-drivers`",
  },
  gpu_closed: {
    message: "this user may not open {device}",
    fix: "`sudo usermod -aG render $USER`, then log in again",
  },
  webgpu_none_in_container: {
    message: "not found: Vulkan has no device that WebGPU can use",
    fix: CONTAINER_DRI,
  },
  webgpu_none: {
    message: "not found: Vulkan has no device that WebGPU can use",
    fix: "install the GPU's driver; without a GPU there is nothing to do",
  },
  webgpu_old: {
    message: "not found: Vulkan has no device that WebGPU can use",
    fix: "update the GPU's Vulkan driver",
  },
  provider_died: {
    message: "{reason}",
    fix: "update the GPU's driver, or leave {provider} out of PROVIDERS",
  },
  provider_memory: {
    message: "{reason}",
    fix: "free some of the GPU's memory, or lower TILE_MEMORY",
  },
  provider_refused: {
    message: "{reason}",
    fix: "nothing needs to be done: something else is used; leave {provider} out of PROVIDERS to hide this",
  },
  ...JELLYFIN_TEXTS,
  held_up_by_source: { message: `{title}: ${HELP_FOR_STAGE.source}` },
  held_up_by_decode: { message: `{title}: ${HELP_FOR_STAGE.decode}` },
  held_up_by_network: { message: `{title}: ${HELP_FOR_STAGE.network}` },
  held_up_by_encode: { message: `{title}: ${HELP_FOR_STAGE.encode}` },
  held_up_by_disk: { message: `{title}: ${HELP_FOR_STAGE.disk}` },
  held_up_by_encoder: { message: `{title}: ${HELP_BY_ENCODER}` },
} as const satisfies Record<string, FindingText>;

export type FindingCode = keyof typeof FINDING_TEXTS;
export type FindingValues = Readonly<Record<string, string | number>>;

/** A text with its values in their places; a place without a value stays as it is. */
export const withValues = (text: string, values: FindingValues): string =>
  text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
