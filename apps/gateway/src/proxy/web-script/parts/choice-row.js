import { element } from "./element.js";

/** Rows of names and lists to choose from; those of several boxes stand below each other. */
export const choiceGrid = (...boxes) =>
  element(
    "div",
    { style: "display:grid;grid-template-columns:auto 1fr;gap:.4em .9em;margin-top:.8em" },
    ...boxes,
  );

/** A part of the grid, which is there or not. */
export function choiceBox() {
  const box = element("div", { hidden: true, style: "display:none" });
  const setShown = (isShown) => {
    box.hidden = !isShown;
    box.style.display = isShown ? "contents" : "none";
  };
  return { box, setShown };
}

let rowsMade = 0;

/** One row: a name and a list to choose from; without options it is not there. */
export function choiceRow(box, name, onChoose) {
  const select = element("select", { style: "min-width:0;font:inherit" });
  const label = element("label", { textContent: name, style: "opacity:.7" });
  rowsMade += 1;
  select.id = `upreel-${rowsMade}`;
  label.htmlFor = select.id;
  box.append(label, select);
  let shown = "";
  select.addEventListener("change", () => void onChoose(select.value));
  return {
    show(options, chosen) {
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
