import { decimal } from "../../format.ts";
import { effect } from "@preact/signals";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { strings } from "../../strings.ts";
import type { StreamEntry } from "./stream-store.ts";

const SHORTEST_SECONDS = 30;

/** Draws into `place` and follows the stream, the place's width and the theme until `signal` aborts. */
export function drawPlot(
  place: HTMLElement,
  entry: StreamEntry,
  height: number,
  signal: AbortSignal,
): void {
  const columns = (): UPlot.AlignedData => {
    const { atSeconds, fps, leadSeconds } = entry.history();
    return [[...atSeconds], [...fps], [...leadSeconds]];
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let plot = build(place, columns(), height);
  const redraw = (): void => {
    plot.destroy();
    plot = build(place, columns(), height);
  };
  dark.addEventListener("change", redraw);
  const resized = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height }));
  resized.observe(place);
  const stop = effect(() => {
    void entry.status.value;
    plot.setData(columns());
  });
  signal.addEventListener("abort", () => {
    stop();
    resized.disconnect();
    dark.removeEventListener("change", redraw);
    plot.destroy();
  });
}

/** A plot of two seconds would show nothing but the clock. */
const atLeastAWhile = (_plot: UPlot, min: number, max: number): [number, number] => [
  Math.min(min, max - SHORTEST_SECONDS),
  max,
];

const clockOf = (atSeconds: number): string => new Date(atSeconds * 1000).toLocaleTimeString();

function build(place: HTMLElement, data: UPlot.AlignedData, height: number): UPlot {
  const style = getComputedStyle(place);
  const colour = (name: string): string => style.getPropertyValue(`--plot-${name}`);
  const axis = {
    stroke: colour("text"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui",
  };
  const fromZero = (_plot: UPlot, _min: number, max: number): [number, number] => [
    0,
    Math.max(1, (max || 0) * 1.1),
  ];
  return new UPlot(
    {
      width: place.clientWidth,
      height,
      cursor: { y: false },
      legend: { live: true },
      scales: { x: { range: atLeastAWhile }, fps: { range: fromZero }, lead: { range: fromZero } },
      axes: [
        { ...axis, space: 90, values: (_plot, times) => times.map(clockOf) },
        { ...axis, scale: "fps", size: 44 },
        { ...axis, scale: "lead", side: 1, size: 44, grid: { show: false } },
      ],
      series: [
        {},
        {
          ...{ label: strings.streams.plotFps, scale: "fps", stroke: colour("fps"), width: 2 },
          value: (_plot, value) => (value === null ? "" : decimal(value, 1)),
          points: { show: false },
        },
        {
          ...{ label: strings.streams.plotLead, scale: "lead", stroke: colour("lead"), width: 2 },
          value: (_plot, value) => (value === null ? "" : decimal(value, 1)),
          points: { show: false },
        },
      ],
    },
    data,
    place,
  );
}
