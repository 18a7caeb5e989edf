import type { StreamStatus } from "@upreel/core";
import { CommandLine } from "../../components/command-line.tsx";
import { OtherPlayers } from "../../components/other-players.tsx";
import { decimal, percent, pictureSize, span } from "../../format.ts";
import { modelOn } from "../../stream/model-on.ts";
import { speedOf } from "../../stream/speed-of.ts";
import { strings } from "../../strings.ts";
import { toldText } from "../../told-text.ts";
import { FinishedFilm } from "./finished-film.tsx";
import type { StreamEntry } from "./stream-store.ts";
import { StreamPlot } from "./stream-plot.tsx";

/** All figures of a stream, its plot, and its lines for other players. */
export function StreamDetails({ entry }: { readonly entry: StreamEntry }) {
  const status = entry.status.value;
  return (
    <div class="stream-details">
      {status.state !== "complete" && <StreamPlot entry={entry} />}
      <dl class="facts">
        {factsOf(status).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {status.model_reason !== null && (
        <p class="quiet small">{toldText(status.model_reason_told ?? [], status.model_reason)}</p>
      )}
      {status.state === "complete" && <FinishedFilm status={status} />}
      {status.stages !== null && <p class="quiet small">{helpFor(status.stages)}</p>}
      {status.saved !== null && status.saved > 0 && (
        <p class="quiet small">{strings.streams.saved(percent(status.saved))}</p>
      )}
      {status.file !== null && <CommandLine text={status.file} />}
      <h3>{strings.streams.elsewhere}</h3>
      <OtherPlayers id={status.id} />
    </div>
  );
}

function factsOf(status: StreamStatus): readonly (readonly [string, string])[] {
  const { nothing } = strings;
  const names = strings.streams;
  return [
    [names.speed, status.speed > 0 ? speedOf(status) : nothing],
    [names.fps, status.fps > 0 ? decimal(status.fps, 1) : nothing],
    ...(status.viewers > 0 ? ([[names.lead, span(status.lead_seconds)]] as const) : []),
    [names.eta, status.eta_seconds === null ? nothing : span(status.eta_seconds)],
    [names.picture, pictureOf(status)],
    [names.model, modelOn(status)],
    [names.encoder, status.encoder ?? nothing],
    [names.segments, `${status.segments_ready} / ${status.segments_total ?? nothing}`],
  ];
}

const helpFor = ({ held_up_by: by, help }: NonNullable<StreamStatus["stages"]>): string =>
  strings.told[`held_up_${by}`] ?? help;

function pictureOf({ width, height, hdr, scan, scan_told: told }: StreamStatus): string {
  if (width === null) return strings.nothing;
  const size = pictureSize(width, height);
  const kept = [
    size,
    hdr === null ? null : strings.watch.sdrOf(hdr),
    told && toldText([told], scan ?? ""),
  ];
  return kept.filter((each) => each !== null).join(", ");
}
