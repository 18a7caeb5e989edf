import {
  restoresFaces,
  tell,
  told,
  type Expectation,
  type StreamStatus,
  type StreamView,
} from "@upreel/core";
import { nameOfModel } from "@upreel/engine";

/** A stream as HTTP tells of it: `GET /status/:id`, and each event of `/events`. */
export const streamBody = (view: StreamView): StreamStatus => ({
  id: view.id,
  title: view.title,
  film: view.film,
  state: view.state,
  frames_done: view.framesDone,
  frames_total: view.framesTotal ?? null,
  ratio: view.ratio,
  speed: view.speed,
  fps: view.fps,
  saved: view.saved ?? null,
  stages:
    view.stages === undefined
      ? null
      : {
          held_up_by: view.stages.heldUpBy,
          decode: view.stages.decode,
          encode: view.stages.encode,
          help: tell(told(`held_up_${view.stages.heldUpBy}`)),
        },
  eta_seconds: view.etaSeconds ?? null,
  lead_seconds: view.leadSeconds,
  priority: view.priority,
  wanted_at: view.wantedAtMs,
  pinned: view.pinned,
  viewers: view.viewers,
  watched: view.isWatched,
  ...expectationBody(view),
  ready: view.ready,
  segments_ready: view.segmentsReady,
  segments_total: view.segmentsTotal ?? null,
  segments_remade: view.segmentsRemade,
  ready_ranges: view.readyRanges.map(([from, to]) => [from, to]),
  making_ranges: view.makingRanges.map(([from, to]) => [from, to]),
  ...(view.workers.length > 0 && {
    workers: view.workers.map(({ range: [from, to], ...worker }) => ({
      ...worker,
      range: [from, to],
    })),
  }),
  model: view.model ?? null,
  model_name: view.model === undefined ? null : nameOfModel(view.model),
  provider: view.provider ?? null,
  model_reason: view.modelReason === undefined ? null : tell(...view.modelReason),
  model_reason_told: view.modelReason === undefined ? null : [...view.modelReason],
  wanted_model: view.wanted.model,
  wanted_sharpness: view.wanted.sharpness ?? null,
  quality: view.quality,
  plain: view.plain,
  faces: facesOf(view),
  faces_strength: view.faces ?? null,
  encoder: view.encoder ?? null,
  width: view.width ?? null,
  height: view.height ?? null,
  hdr: view.hdr ?? null,
  scan: view.scan === undefined ? null : tell(view.scan),
  scan_told: view.scan ?? null,
  duration_seconds: view.durationSeconds ?? null,
  growing: view.isGrowing,
  reason: view.reason ?? null,
  file: view.file ?? null,
  size_bytes: view.sizeBytes ?? null,
});

const facesOf = ({ faces, model }: StreamView): StreamStatus["faces"] =>
  faces === undefined ? "off" : model !== undefined && restoresFaces(model) ? "on" : "later";

/** What a viewer can expect, as the status and the trigger's answer carry it. */
export const expectationBody = (
  expected: Expectation,
): Pick<
  StreamStatus,
  "expected_speed" | "first_stall_seconds" | "advice" | "advice_text" | "advice_told"
> => ({
  expected_speed: expected.expectedSpeed ?? null,
  first_stall_seconds: expected.firstStallSeconds ?? null,
  advice: expected.advice ?? null,
  advice_text: expected.adviceTold === undefined ? null : tell(expected.adviceTold),
  advice_told: expected.adviceTold ?? null,
});
