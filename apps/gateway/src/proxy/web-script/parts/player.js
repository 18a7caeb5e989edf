import { deviceId, playbackManagerHere } from "./client.js";
import { element } from "./element.js";
import { openPanel } from "./panel.js";
import { texts } from "./texts.js";

/** Adds the button to the player's own, if this is the player and it has a place for it. */
function addButton(page) {
  const buttons = page.querySelector?.(".videoOsdBottom .buttons");
  if (!buttons || !deviceId() || buttons.querySelector(".upreelButton")) return;
  const button = element("button", {
    type: "button",
    className: "upreelButton autoSize paper-icon-button-light",
    title: texts().title,
    textContent: "HD+",
    dir: "ltr",
    style: "font-weight:600",
  });
  button.setAttribute("aria-label", texts().title);
  button.setAttribute("aria-expanded", "false");
  let close;
  const toggle = () => {
    close = close === undefined ? openPanel(page) : void close();
    button.setAttribute("aria-expanded", String(close !== undefined));
  };
  button.addEventListener("click", toggle);
  page.addEventListener("viewbeforehide", () => close !== undefined && toggle());
  buttons.append(button);
}

let lastSource;
/**
 * The web client keeps the cues of subtitles in the video element. hls.js deletes them when it loads
 * another stream (for another sound), and the client does not put them in again by itself.
 */
function restoreSubtitles(video) {
  if (video.currentSrc === lastSource) return;
  lastSource = video.currentSrc;
  const playbackManager = playbackManagerHere();
  const player = playbackManager?.getCurrentPlayer?.();
  const index = player && playbackManager.getSubtitleStreamIndex(player);
  const tracks = Array.from(video.textTracks ?? []);
  const isGone = tracks.every(({ mode, cues }) => mode === "disabled" || cues?.length === 0);
  if (!(index >= 0) || tracks.length === 0 || !isGone) return;
  player.setSubtitleStreamIndex(-1);
  player.setSubtitleStreamIndex(index);
}

document.addEventListener("viewshow", ({ target }) => addButton(target));
document.addEventListener("playing", ({ target }) => restoreSubtitles(target), true);
