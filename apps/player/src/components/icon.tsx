/** Paths of 24×24 line icons, drawn for these pages. */
const PATHS = {
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8 5v14M16 5v14",
  again: "M6 8a7.5 7.5 0 1 1-1.2 6.5M6 3.5V8h4.5",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  stop: "M7 7h10v10H7z",
  trash: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  chevron: "m8 10 4 4 4-4",
  back: "m14 6-6 6 6 6",
  up: "m6 14 6-6 6 6",
  plus: "M12 5v14M5 12h14",
  film: "M5 5h14v14H5zM9 5v14M15 5v14M5 12h14",
  folder: "M4 18V6h6l2 2h8v10z",
  chip: "M8 8h8v8H8zM5 5h14v14H5zM9 2v3M15 2v3M9 19v3M15 19v3M2 9h3M2 15h3M19 9h3M19 15h3",
  sliders: "M4 7h10M18 7h2M4 17h2M10 17h10M14 5v4M8 15v4",
  lines: "M5 7h14M5 12h14M5 17h9",
  bell: "M6 16h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v3.5zM10.5 19h3",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  top: "M6 5h12M12 20V9m-5 5 5-5 5 5",
  pulse: "M3 12h4l3-7 4 14 3-7h4",
  copy: "M9 9h10v10H9zM5 15V5h10",
  check: "m5 13 4 4L19 7",
  alert: "M12 4 3 19h18zM12 10v4M12 16.5v.01",
  download: "M12 4v11m-4-4 4 4 4-4M5 20h14",
  volume: "M4 10v4h4l5 4V6L8 10zM16.5 9a4 4 0 0 1 0 6",
  muted: "M4 10v4h4l5 4V6L8 10zM17 10l4 4M21 10l-4 4",
  subtitles: "M4 6h16v12H4zM7 11h4M13 11h4M7 14.5h6",
  puzzle: "M5 8h4a2 2 0 1 1 4 0h4v4a2 2 0 1 1 0 4v4H5v-4a2 2 0 1 0 0-4z",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M5.6 18.4l2.2-2.2M16.2 7.8l2.2-2.2",
  pip: "M4 5h16v14H4zM12 12h6v5h-6z",
  expand: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  shrink: "M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5",
  compare: "M12 3v18M4 6h5v12H4M20 6h-5v12h5",
  camera: "M4 8h4l1.5-2h5L16 8h4v11H4zM12 10.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  cast: "M4 8V5h16v14h-7M4 12a7 7 0 0 1 7 7M4 15.5A3.5 3.5 0 0 1 7.5 19M4 19h.01",
  devices: "M3 5h14v4M3 5v10h9M2 18h10M15 9h6v11h-6zM18 17.5v.01",
  disk: "M5 5h14v14H5zM5 14h14M16 16.5h.01",
  key: "M14 4a6 6 0 1 0-5.2 9L4 18v2h4v-2h2v-2h2l1-3.1A6 6 0 0 0 14 4zM15.5 8.5h.01",
  keyboard: "M3 7h18v10H3zM7 11h.01M11 11h.01M15 11h.01M8 14h8",
} as const;
export type IconName = keyof typeof PATHS;

/** A line icon; decoration only, so its button or label carries the name. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
