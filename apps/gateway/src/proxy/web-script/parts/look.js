import { element } from "./element.js";
import { texts } from "./texts.js";

// The look of pictures, as Upreel's own page has it (apps/player/src/look/look.ts; a test holds both together).

const AS_IT_IS = { brightness: 50, contrast: 50, saturation: 50, warmth: 50, sharpen: 0 };
const PRESETS = {
  film: AS_IT_IS,
  vivid: { ...AS_IT_IS, contrast: 56, saturation: 66 },
  crisp: { ...AS_IT_IS, contrast: 54, sharpen: 45 },
  soft: { ...AS_IT_IS, contrast: 44, saturation: 46 },
  warm: { ...AS_IT_IS, warmth: 68 },
  cool: { ...AS_IT_IS, warmth: 36 },
  night: { ...AS_IT_IS, brightness: 38, warmth: 74 },
};
const PARTS = ["brightness", "contrast", "saturation", "warmth", "sharpen"];
const KEY = "upreel.look";

const factor = (value, most) => (1 + (value / 50 - 1) * most).toFixed(3);

/** What shows a look: the video's CSS filter, and the numbers of the two that CSS has none for. */
export function filtersOf({ brightness, contrast, saturation, warmth, sharpen }) {
  const filters = [
    ...(warmth === 50 ? [] : ["url(#upreel-warmth)"]),
    ...(brightness === 50 ? [] : [`brightness(${factor(brightness, 0.5)})`]),
    ...(contrast === 50 ? [] : [`contrast(${factor(contrast, 0.5)})`]),
    ...(saturation === 50 ? [] : [`saturate(${factor(saturation, 1)})`]),
    ...(sharpen === 0 ? [] : ["url(#upreel-sharpen)"]),
  ];
  const by = (warmth / 50 - 1) * 0.25;
  const rows = [1 + by, 1 + by / 3, 1 - by].map((gain, row) =>
    [0, 1, 2, 3, 4].map((column) => (column === row ? gain.toFixed(3) : "0")).join(" "),
  );
  const side = (-sharpen / 100).toFixed(3);
  const middle = (1 - 4 * Number(side)).toFixed(3);
  return {
    filter: filters.length === 0 ? "none" : filters.join(" "),
    warmth: [...rows, "0 0 0 1 0"].join(" "),
    sharpen: `0 ${side} 0 ${side} ${middle} ${side} 0 ${side} 0`,
  };
}

function keptLook() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const given = PARTS.map((part) => [part, kept[part]]);
    const isOne = ([, value]) => typeof value === "number" && value >= 0 && value <= 100;
    return { ...AS_IT_IS, ...Object.fromEntries(given.filter(isOne)) };
  } catch {
    return AS_IT_IS;
  }
}

function keep(look) {
  try {
    localStorage.setItem(KEY, JSON.stringify(look));
  } catch {
    // A browser that keeps nothing forgets; that is all.
  }
}

/** Of this browser's viewer, for all films: what the client plays is in a video element that comes and goes. */
let look = keptLook();
let rule;

/** Shows it from now on; nothing is put into the page for a film as it is. */
function showLook() {
  const { filter, warmth, sharpen } = filtersOf(look);
  if (rule === undefined && filter === "none") return;
  rule = rule ?? addFilters();
  rule.warmth.setAttribute("values", warmth);
  rule.sharpen.setAttribute("kernelMatrix", sharpen);
  rule.style.textContent = `video.htmlvideoplayer { filter: ${filter} }`;
}

function addFilters() {
  const box = element("div", { style: "position:absolute;width:0;height:0" });
  box.innerHTML = `<svg width="0" height="0" aria-hidden="true">
    <filter id="upreel-warmth" color-interpolation-filters="sRGB"><feColorMatrix /></filter>
    <filter id="upreel-sharpen" color-interpolation-filters="sRGB">
      <feConvolveMatrix order="3" divisor="1" edgeMode="duplicate" preserveAlpha="true" />
    </filter></svg>`;
  const style = element("style", {});
  document.body.append(box, style);
  const of = (name) => box.querySelector(name);
  return { style, warmth: of("feColorMatrix"), sharpen: of("feConvolveMatrix") };
}

/** Presets and sliders; each is seen while it moves, once for each picture of the screen. */
export function lookMenu() {
  const isSame = (a, b) => PARTS.every((part) => a[part] === b[part]);
  const said = texts();
  const named = { ...said.presets, own: said.ownLook };
  const options = Object.keys(named).map((value) =>
    element("option", { value, textContent: named[value] }),
  );
  const presets = element("select", { style: "font:inherit" }, ...options);
  presets.setAttribute("aria-label", said.look);
  const sliders = PARTS.map((part) => {
    const text = said.parts[part];
    const slider = element("input", { type: "range", min: 0, max: 100, style: "min-width:0" });
    slider.setAttribute("aria-label", text);
    return { part, slider, row: [element("span", { textContent: text }), slider] };
  });
  const grid = element(
    "div",
    { style: "display:grid;grid-template-columns:auto 1fr;gap:.3em .9em;margin-top:.4em" },
    ...sliders.flatMap(({ row }) => row),
  );
  const tell = () => {
    presets.value = Object.keys(PRESETS).find((name) => isSame(PRESETS[name], look)) ?? "own";
    for (const { part, slider } of sliders) slider.value = look[part];
  };
  presets.addEventListener("change", () => {
    look = PRESETS[presets.value] ?? look;
    keep(look);
    showLook();
    tell();
  });
  let frame;
  for (const { part, slider } of sliders) {
    slider.addEventListener("input", () => {
      look = { ...look, [part]: Number(slider.value) };
      frame =
        frame ??
        requestAnimationFrame(() => {
          frame = undefined;
          showLook();
        });
    });
    slider.addEventListener("change", () => {
      keep(look);
      tell();
    });
  }
  tell();
  const more = element("summary", { textContent: said.look, style: "cursor:pointer" });
  return element("details", { style: "margin-top:.8em" }, more, presets, grid);
}

if (document.body !== null) showLook();
else addEventListener("DOMContentLoaded", showLook);
