import { choiceGrid } from "./choice-row.js";
import { describe } from "./describe.js";
import { element } from "./element.js";
import { askSituation, order, ordersDone } from "./gateway.js";
import { lookMenu } from "./look.js";
import { madeBy } from "./made-by.js";
import { switchTo } from "./play-again.js";
import { qualityChoice } from "./quality.js";
import { texts } from "./texts.js";

const LOOK_EVERY_MS = 2_000;
const PANEL_ID = "upreelPanel";

/** Opens the panel on the player's page; gives what closes it. */
export function openPanel(page) {
  const said = texts();
  const parts = panelParts(said);
  const { panel, list, bar, toggle, compare, note } = parts;
  page.append(panel);

  let shows = "original";
  let canMakeAhead = false;
  const look = async () => {
    const asked = ordersDone();
    const now = await askSituation().catch(() => null);
    // What was just chosen is not in it: the list would show the old choice for a moment.
    if (asked === undefined || asked !== ordersDone()) return;
    shows = now?.shows ?? "original";
    list.replaceChildren(
      ...describe(now).flatMap(([name, value]) => [
        element("dt", { textContent: name, style: "opacity:.7" }),
        element(
          "dd",
          { style: "margin:0;overflow-wrap:anywhere" },
          element("bdi", { textContent: value }),
        ),
      ]),
    );
    bar.value = now?.stream?.ratio ?? 0;
    canMakeAhead = now?.can_make_ahead === true;
    toggle.textContent = canMakeAhead
      ? said.ahead
      : shows === "upscaled"
        ? said.toOriginal
        : said.toUpscaled;
    toggle.hidden = now === null || (now.reason?.code === "cannot_hold" && !canMakeAhead);
    compare.hidden = !now?.compare_url;
    if (now?.compare_url) compare.href = now.compare_url;
    qualities.show(now);
    menu.show(now?.stream ?? null);
  };
  /** Does what was asked for, and says so where it did not work. */
  const act = async (work, meanwhile = "") => {
    note.textContent = meanwhile;
    try {
      await work();
      note.textContent = "";
    } catch (error) {
      note.textContent = said.failed(error.message);
    }
    await look();
  };
  const qualities = qualityChoice(act);
  const menu = madeBy(act);
  list.after(bar, choiceGrid(qualities.box, menu.box), lookMenu());
  toggle.addEventListener("click", () => {
    if (canMakeAhead) return void act(() => order("ahead", {}));
    const next = shows === "upscaled" ? "original" : "upscaled";
    return void act(() => switchTo(next), said.switching);
  });
  void look();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    panel.remove();
  };
}

function panelParts(said) {
  const list = element("dl", {
    style: "display:grid;grid-template-columns:auto 1fr;gap:.3em .9em;margin:0 0 .8em",
  });
  const bar = element("progress", { max: 1, value: 0, style: "width:100%" });
  bar.setAttribute("aria-label", said.done);
  const toggle = element("button", { type: "button", className: "raised emby-button" });
  const compare = element("a", {
    textContent: said.compare,
    target: "_blank",
    rel: "noopener",
    style: "margin-inline-start:1em;color:inherit",
  });
  const note = element("p", { style: "margin:.6em 0 0" });
  note.setAttribute("role", "status");
  const panel = element(
    "section",
    {
      id: PANEL_ID,
      style:
        "position:fixed;right:1.5em;bottom:9em;z-index:1000;width:22em;max-width:90vw;padding:1em;" +
        "max-height:calc(100vh - 12em);overflow:auto;" +
        "border-radius:.4em;background:rgba(20,20,20,.93);color:#eee;font-size:.95em",
    },
    element("h2", { textContent: said.title, style: "margin:0 0 .6em;font-size:1.1em" }),
    list,
    element("div", { style: "margin-top:.8em" }, toggle, compare),
    note,
  );
  panel.setAttribute("aria-label", said.title);
  // A pointer or a key on the player's page means pause: not one that is meant for the panel.
  for (const type of ["pointerdown", "click", "dblclick", "keydown"])
    panel.addEventListener(type, (event) => event.key !== "Escape" && event.stopPropagation());
  return { panel, list, bar, toggle, compare, note };
}
