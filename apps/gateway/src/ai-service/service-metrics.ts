import type { FrameService } from "./frame-service.ts";

/** Prometheus text under the names that the plugin reads. */
export function serviceMetrics({ counts, underWay }: FrameService): string {
  const { frames, failures, consecutiveFailures, meanMs } = counts;
  const rows: readonly (readonly [string, "counter" | "gauge", number])[] = [
    ["upscaler_frames_total", "counter", frames],
    ["upscaler_failures_total", "counter", failures],
    ["upscaler_processing_time_avg_ms", "gauge", Math.round(meanMs * 100) / 100],
    ["upscaler_active_jobs", "gauge", underWay],
    // Nothing is cut off here: what fails is one frame.
    ["upscaler_circuit_open", "gauge", 0],
    ["upscaler_consecutive_failures", "gauge", consecutiveFailures],
    ["upscaler_uptime_seconds", "gauge", Math.round(process.uptime())],
  ];
  return `${rows.map(([name, type, value]) => `# TYPE ${name} ${type}\n${name} ${value}`).join("\n")}\n`;
}
