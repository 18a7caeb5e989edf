import { texts } from "./texts.js";

/** In a line of Arabic, too. */
const leftToRight = (text) => `\u2066${text}\u2069`;

/** Lines of the panel: name and value. */
export function describe(now) {
  const { names, ...said } = texts();
  if (now === null) return [[names.state, said.notRunning]];
  const { stream, shows, reason } = now;
  const lines = [[names.plays, shows === "upscaled" ? said.upscaled : said.original]];
  if (reason !== null) lines.push([names.why, said.reasons[reason.code] ?? reason.message]);
  if (stream === null) return lines;
  const size = stream.height === null ? "" : `, ${leftToRight(`${stream.width}×${stream.height}`)}`;
  lines.push([names.state, `${said.states[stream.state] ?? stream.state}${size}`]);
  lines.push([names.made, `${Math.floor(stream.ratio * 100)} %`]);
  lines.push([names.ready, said.readyAhead(Math.round(stream.lead_seconds))]);
  if (stream.state === "running")
    lines.push([names.speed, said.speed(stream.speed.toFixed(1).replace(".", said.point))]);
  if (stream.model !== null) lines.push([names.model, stream.model]);
  if (stream.reason !== null) lines.push([names.problem, stream.reason.message]);
  return lines;
}
