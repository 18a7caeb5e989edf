import type { ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { urlOf } from "../api/gateway.ts";
import { CommandLine } from "../components/command-line.tsx";
import { Icon } from "../components/icon.tsx";
import { clock, percent, span, times } from "../format.ts";
import { strings } from "../strings.ts";

/** What is told of the film below its picture. */
export function BelowStage({
  status: { value: status },
}: {
  readonly status: ReadonlySignal<StreamStatus>;
}) {
  return (
    <>
      <Advice status={status} />
      <section class="card below">
        <dl class="facts">
          {factsOf(status).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section class="card below">
        <h2>{strings.streams.elsewhere}</h2>
        <CommandLine text={`mpv "${urlOf(`hls/${status.id}/stream.m3u8`)}"`} />
        <CommandLine text={`vlc "${urlOf(`hls/${status.id}/stream.m3u8`)}"`} />
      </section>
    </>
  );
}

/** What the viewer should know before play, and why a stream has ended. */
function Advice({ status }: { readonly status: StreamStatus }) {
  const isOver = status.state === "failed" || status.state === "cancelled";
  const { message, expected, got } = status.reason ?? {};
  const text = isOver
    ? [
        message ?? strings.states[status.state],
        expected === undefined ? undefined : strings.errors.expected(expected),
        got === undefined ? undefined : strings.errors.got(got),
      ]
        .filter((part) => part !== undefined)
        .join(" ")
    : status.advice === "original"
      ? status.advice_text
      : null;
  if (text === null) return null;
  return (
    <div class={isOver ? "note bad" : "note warning"} role={isOver ? "alert" : "status"}>
      <Icon name="alert" />
      <div>{text}</div>
    </div>
  );
}

function factsOf(status: StreamStatus): readonly (readonly [string, string])[] {
  const { nothing } = strings;
  const names = strings.streams;
  return [
    [names.state, strings.states[status.state]],
    [names.done, percent(status.ratio)],
    [names.speed, status.speed > 0 ? times(status.speed) : nothing],
    [names.lead, clock(status.lead_seconds)],
    [names.eta, status.eta_seconds === null ? nothing : span(status.eta_seconds)],
    [names.picture, status.width === null ? nothing : `${status.width}×${status.height}`],
    [
      names.model,
      status.model === null ? nothing : names.modelOn(status.model, status.provider ?? nothing),
    ],
  ];
}
