const STATES = {
  queued: "waiting",
  starting: "starting",
  running: "upscaling",
  paused: "paused",
  idle: "partly upscaled",
  complete: "ready",
  failed: "failed",
  cancelled: "cancelled",
};

const seconds = (value) => `${Math.round(value)} s`;

/** Lines of the panel: name and value. */
export function describe(now) {
  if (now === null)
    return [["State", "Upreel was not running when this film was started: start it again"]];
  const { stream, shows, reason } = now;
  const lines = [["Plays", shows === "upscaled" ? "the upscaled film" : "the original"]];
  if (reason !== null) lines.push(["Why", reason.message]);
  if (stream === null) return lines;
  const size = stream.height === null ? "" : `, ${stream.width}×${stream.height}`;
  lines.push(["State", `${STATES[stream.state] ?? stream.state}${size}`]);
  lines.push(["Upscaled", `${Math.floor(stream.ratio * 100)} %`]);
  lines.push(["Ready", `${seconds(stream.lead_seconds)} ahead of you`]);
  if (stream.state === "running") lines.push(["Speed", `${stream.speed.toFixed(1)}× film speed`]);
  if (stream.model !== null) lines.push(["Model", stream.model]);
  if (stream.reason !== null) lines.push(["Problem", stream.reason.message]);
  return lines;
}
