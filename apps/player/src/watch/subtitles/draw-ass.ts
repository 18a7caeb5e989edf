import ASS from "assjs";
import sheetUrl from "assjs/src/global.css?url";
import type { Picture } from "../../playback/picture.ts";

/** What its element tells when it may have become another place of the film. */
const MOVES = ["loadedmetadata", "canplay", "seeked", "playing"];

interface Drawn {
  readonly text: string;
  readonly picture: Picture;
  readonly layer: HTMLElement;
}

/**
 * Draws the script `text` over `picture`, as text of the page, until `signal` aborts. Settles when it is drawn;
 * rejects for a text that is no script.
 */
export function drawAss({ text, picture, layer }: Drawn, signal: AbortSignal): Promise<void> {
  addSheet();
  const { video } = picture;
  return new Promise((resolve, reject) => {
    let ass: ASS | undefined;
    const follow = (): void => {
      // It measures itself by the size of the pictures.
      if (video.readyState === 0) return;
      const isNew = ass === undefined;
      ass ??= new ASS(text, video, { container: layer });
      // It reads times off the element's clock, whose second 0 is known when the first pictures are.
      const delay = -picture.beginsAt();
      if (ass.delay !== delay) ass.delay = delay;
      // It goes by events, of which the last one may have been before.
      if (isNew && !video.paused) video.dispatchEvent(new Event("playing"));
      resolve();
    };
    const tryTo = (): void => {
      try {
        follow();
      } catch (thrown) {
        reject(thrown);
      }
    };
    for (const name of MOVES) video.addEventListener(name, tryTo, { signal });
    signal.addEventListener("abort", () => ass?.destroy());
    tryTo();
  });
}

/** Of the library, which would write it into the page, where no style may be written. It looks for this id. */
const SHEET = "ASS-global-style";

function addSheet(): void {
  if (document.getElementById(SHEET) !== null) return;
  const link = document.createElement("link");
  link.id = SHEET;
  link.rel = "stylesheet";
  link.href = sheetUrl;
  document.head.append(link);
}
