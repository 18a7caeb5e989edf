import { element } from "./element.js";
import { askChoices, order } from "./gateway.js";

const GRADES = [
  ["auto", "Automatic"],
  ["fast", "Fast"],
  ["balanced", "Balanced"],
  ["best", "Best"],
];
/** How far from the original a film may look; null is what the settings say. */
const STYLES = [
  ["0", "Faithful"],
  ["null", "As set"],
  ["0.7", "Sharp"],
];
/** How much of a restored face is taken; null: faces stay as they are. */
const FACES = [
  ["null", "Off"],
  ["0.4", "Lightly"],
  ["0.7", "Clearly"],
  ["1", "Fully"],
];

/** What is listed is chosen by its nearest number. */
const nearest = (options, value) => {
  if (value === null) return "null";
  const numbers = options.map(([each]) => each).filter((each) => each !== "null");
  const away = (each) => Math.abs(Number(each) - value);
  return numbers.reduce((a, b) => (away(b) < away(a) ? b : a));
};

const isBeingMade = ({ state, duration_seconds: duration }) =>
  state !== "complete" && state !== "failed" && duration !== null;

/**
 * By which network the rest of the film is made, for all who watch it. `show` is told of the situation whenever
 * that was asked for; `act` does what was chosen and tells how it went.
 */
export function madeBy(act) {
  const box = element("div", {
    style: "display:grid;grid-template-columns:auto 1fr;gap:.4em .9em;margin-top:.8em",
  });
  const lists = [
    list(box, "Upscaled by", (value) => act(() => order("model", { model: value }))),
    list(box, "Style", (value) => act(() => order("model", { sharpness: JSON.parse(value) }))),
    list(box, "Faces", (value) => act(() => order("model", { faces: JSON.parse(value) }))),
  ];
  const [models, styles, faces] = lists;
  let choices = null;
  askChoices().then(
    (answer) => (choices = answer),
    () => undefined,
  );
  const show = (stream) => {
    box.hidden = stream === null || choices === null || !isBeingMade(stream);
    box.style.display = box.hidden ? "none" : "grid";
    if (box.hidden) return;
    const { wanted_model: wanted, wanted_sharpness: sharpness, faces_strength: strength } = stream;
    const own = choices.models.map(({ id, name }) => [id, name]);
    const listed = [...GRADES, ...own];
    const isListed = listed.some(([id]) => id === wanted);
    models.show(isListed ? listed : [...listed, [wanted, wanted]], wanted);
    styles.show(own.some(([id]) => id === wanted) ? [] : STYLES, nearest(STYLES, sharpness));
    const hasFaces = choices.faces_available || strength !== null;
    faces.show(hasFaces ? FACES : [], nearest(FACES, strength));
  };
  return { box, show };
}

/** One row: a name and a list to choose from; without options it is not there. */
function list(box, name, onChoose) {
  const select = element("select", { style: "min-width:0;font:inherit" });
  const label = element("label", { textContent: name, style: "opacity:.7" });
  select.id = `upreel-${name.replace(/ /g, "-").toLowerCase()}`;
  label.htmlFor = select.id;
  box.append(label, select);
  let shown = "";
  let isBusy = false;
  select.addEventListener("change", () => {
    isBusy = true;
    void onChoose(select.value).finally(() => (isBusy = false));
  });
  return {
    show(options, chosen) {
      // What was just chosen is not known to the gateway yet.
      if (isBusy) return;
      for (const part of [label, select]) part.style.display = options.length === 0 ? "none" : "";
      const now = JSON.stringify(options);
      if (now !== shown)
        select.replaceChildren(
          ...options.map(([value, text]) => element("option", { value, textContent: text })),
        );
      shown = now;
      if (select.value !== chosen) select.value = chosen;
    },
  };
}
