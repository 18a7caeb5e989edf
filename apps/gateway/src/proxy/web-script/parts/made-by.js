import { choiceBox, choiceRow } from "./choice-row.js";
import { askChoices, order } from "./gateway.js";
import { texts } from "./texts.js";

const GRADES = ["auto", "fast", "balanced", "best"];
/** How far from the original a film may look; null is what the settings say. */
const STYLES = { faithful: "0", set: "null", sharp: "0.7" };
/** How much of a restored face is taken; null: faces stay as they are. */
const FACES = { off: "null", light: "0.4", clear: "0.7", full: "1" };

const optionsOf = (values, names) => Object.keys(values).map((key) => [values[key], names[key]]);

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
  const { box, setShown } = choiceBox();
  const said = texts();
  const wish = (key, value) => act(() => order("model", { [key]: value }));
  const models = choiceRow(box, said.madeBy, (value) => wish("model", value));
  const styles = choiceRow(box, said.style, (value) => wish("sharpness", JSON.parse(value)));
  const faces = choiceRow(box, said.faces, (value) => wish("faces", JSON.parse(value)));
  const styleOptions = optionsOf(STYLES, said.styles);
  const faceOptions = optionsOf(FACES, said.faceStrengths);
  let choices = null;
  let isAsking = false;
  let last = null;
  /** Where it fails, it is asked for again with the next look. */
  const askOnce = () => {
    if (choices !== null || isAsking) return;
    isAsking = true;
    const answered = (answer) => {
      choices = answer;
      isAsking = false;
      if (answer !== null) show(last);
    };
    askChoices().then(answered, () => answered(null));
  };
  const show = (stream) => {
    last = stream;
    askOnce();
    setShown(stream !== null && choices !== null && isBeingMade(stream));
    if (box.hidden) return;
    const { wanted_model: wanted, wanted_sharpness: sharpness, faces_strength: strength } = stream;
    const own = choices.models.map(({ id, name }) => [id, name]);
    const listed = [...GRADES.map((id) => [id, said.grades[id]]), ...own];
    const isListed = listed.some(([id]) => id === wanted);
    models.show(isListed ? listed : [...listed, [wanted, wanted]], wanted);
    styles.show(
      own.some(([id]) => id === wanted) ? [] : styleOptions,
      nearest(styleOptions, sharpness),
    );
    const hasFaces = choices.faces_available || strength !== null;
    faces.show(hasFaces ? faceOptions : [], nearest(faceOptions, strength));
  };
  show(null);
  return { box, show };
}
