import {
  PRIORITIES,
  STREAM_STATES,
  WORKER_STATES,
  type FarmWorker,
  type JobBacklog,
  type StreamView,
} from "@upreel/core";
import { REASONS_IN_VAIN, type InVain } from "@upreel/streams";
import type { LoopLag } from "../../loop-lag.ts";

/** Numbers that the HTTP server itself counts. */
export interface HttpCounts {
  /** Answers by status code. */
  readonly answers: ReadonlyMap<number, number>;
}

/** What was made and is of no use. */
export interface Waste {
  readonly inVain: InVain;
  readonly late: number;
}

const wasteMetrics = ({ inVain, late }: Waste): readonly string[] => [
  metric(
    "upreel_frames_in_vain_total",
    "counter",
    "Frames made since the gateway started that are in no published segment, by why: others made them, too, or will.",
    REASONS_IN_VAIN.map((why) => ({ labels: { why }, value: inVain[why] })),
  ),
  metric(
    "upreel_farm_late_segments_total",
    "counter",
    "Segments of workers that were refused because their run was over.",
    [{ value: late }],
  ),
];

/** Who films are made for, first the most urgent. */
const CLASSES = ["watched", ...PRIORITIES] as const;

/** Film seconds that are still to be made of a stream whose turn it is or will be. */
function backlogOf({ state, durationSeconds, ratio }: StreamView): number {
  const isToBeMade = state === "queued" || state === "starting" || state === "running";
  return isToBeMade && durationSeconds !== undefined ? durationSeconds * (1 - ratio) : 0;
}

/** What autoscalers go by: what is left to be made, by whom it is for, and who waits. */
function demandMetrics(
  streams: readonly StreamView[],
  workers: readonly Pick<FarmWorker, "state">[],
): readonly string[] {
  const classOf = ({ viewers, priority }: StreamView): string =>
    viewers > 0 ? "watched" : priority;
  const sumOf = (figures: readonly number[]): number =>
    figures.reduce((sum, each) => sum + each, 0);
  return [
    metric(
      "upreel_backlog_seconds",
      "gauge",
      "Film seconds still to be made of planned films, by whom they are for.",
      CLASSES.map((name) => ({
        labels: { class: name },
        value: Math.round(sumOf(streams.filter((each) => classOf(each) === name).map(backlogOf))),
      })),
    ),
    metric("upreel_viewers", "gauge", "Viewers, and those of them whose player waits.", [
      { labels: { state: "watching" }, value: sumOf(streams.map(({ viewers }) => viewers)) },
      { labels: { state: "waiting" }, value: sumOf(streams.map((each) => each.viewersWaiting)) },
    ]),
    metric(
      "upreel_farm_workers",
      "gauge",
      "Other machines that may make segments, by state.",
      WORKER_STATES.map((state) => ({
        labels: { state },
        value: workers.filter((worker) => worker.state === state).length,
      })),
    ),
  ];
}

interface Sample {
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly value: number;
}

const escapeLabel = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

function metric(
  name: string,
  type: "gauge" | "counter",
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(
      ([key, label]) => `${key}="${escapeLabel(String(label))}"`,
    );
    return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join("\n");
}

/** The page of `/metrics` in Prometheus' text format (0.0.4). */
export function metricsText(
  streams: readonly StreamView[],
  { answers }: HttpCounts,
  process: {
    readonly uptimeSeconds: number;
    readonly residentBytes: number;
    readonly loopLag: LoopLag;
  },
  backlog: Readonly<Record<string, JobBacklog>>,
  workers: readonly Pick<FarmWorker, "state">[],
  waste: Waste,
): string {
  const running = streams.filter(({ state }) => state === "running");
  const perStream = (pick: (status: StreamView) => number): Sample[] =>
    running.map((status) => ({ labels: { id: status.id }, value: pick(status) }));
  return `${[
    metric(
      "upreel_streams",
      "gauge",
      "Streams by state.",
      STREAM_STATES.map((state) => ({
        labels: { state },
        value: streams.filter((status) => status.state === state).length,
      })),
    ),
    metric(
      "upreel_stream_speed_ratio",
      "gauge",
      "Film seconds made in a second of wall time.",
      perStream((s) => s.speed),
    ),
    metric(
      "upreel_stream_frames_per_second",
      "gauge",
      "Frames made in a second.",
      perStream((s) => s.fps),
    ),
    metric(
      "upreel_stream_inference_saved_ratio",
      "gauge",
      "Share of the run's inference that was saved where pictures stood still.",
      perStream((s) => s.saved ?? 0),
    ),
    metric(
      "upreel_stream_lead_seconds",
      "gauge",
      "Seconds ready beyond the playhead.",
      perStream((s) => s.leadSeconds),
    ),
    ...demandMetrics(streams, workers),
    ...wasteMetrics(waste),
    metric(
      "upreel_jobs",
      "gauge",
      "Exports, downloads and scans that wait or run, by kind and state.",
      Object.entries(backlog).flatMap(([kind, { waiting, running }]) => [
        { labels: { kind, state: "waiting" }, value: waiting },
        { labels: { kind, state: "running" }, value: running },
      ]),
    ),
    metric("upreel_frames_done", "gauge", "Frames made of all known streams.", [
      { value: streams.reduce((sum, status) => sum + status.framesDone, 0) },
    ]),
    metric(
      "upreel_http_answers_total",
      "counter",
      "HTTP answers by status code.",
      [...answers].map(([code, value]) => ({ labels: { code }, value })),
    ),
    metric("process_resident_memory_bytes", "gauge", "Memory of the gateway process.", [
      { value: process.residentBytes },
    ]),
    metric(
      "upreel_event_loop_lag_seconds",
      "gauge",
      "How late the gateway's event loop was in the last minute or two: work that kept all others waiting.",
      [
        { labels: { quantile: "0.5" }, value: process.loopLag.p50 },
        { labels: { quantile: "0.99" }, value: process.loopLag.p99 },
        { labels: { quantile: "1" }, value: process.loopLag.max },
      ],
    ),
    metric("upreel_uptime_seconds", "gauge", "Seconds since the gateway started.", [
      { value: Math.round(process.uptimeSeconds) },
    ]),
  ].join("\n")}\n`;
}
