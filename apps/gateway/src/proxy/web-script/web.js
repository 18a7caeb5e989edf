// A button and a panel in the player of Jellyfin's web client: whether the film is upscaled, how far
// it is, and the way to the upscaled film and back. It uses what the web client of 10.10 to 12.0
// gives plugins and scripts, and does nothing where it does not find that.
(() => {
  "use strict";
  if (window.upreelPlugin !== undefined) return;

  const SCRIPT_URL = document.currentScript?.src;
  const TICKS_PER_MS = 10_000;
  const LOOK_EVERY_MS = 2_000;
  const PANEL_ID = "upreelPanel";

  /** What the web client hands to its plugins; undefined where this script was not loaded as one. */
  let given;

  // Named in config.json, the client calls this when it starts and constructs what it gives.
  window.upreelPlugin = async () =>
    class UpreelPlugin {
      constructor(parts) {
        this.name = "Upreel";
        this.type = "preplayintercept";
        this.id = "upreel";
        this.priority = 0;
        given = parts;
      }

      intercept() {
        return Promise.resolve();
      }
    };

  const api = () => window.ApiClient;
  const ownUrl = (path) =>
    SCRIPT_URL ? new URL(path, SCRIPT_URL).href : api().getUrl(`/upscale/${path}`);
  const deviceId = () => api()?.deviceId?.();

  /** What the gateway knows of this device's playback; null where it knows nothing. */
  async function ask() {
    const response = await fetch(ownUrl(`why?deviceId=${encodeURIComponent(deviceId())}`));
    return response.ok ? response.json() : null;
  }

  async function makeAhead() {
    const body = JSON.stringify({ device_id: deviceId() });
    const response = await fetch(ownUrl("ahead"), { method: "POST", body });
    if (!response.ok) throw new Error(`Upreel answered ${response.status}`);
  }

  async function switchTo(shows) {
    const now = await ask();
    if (now === null) return;
    const body = JSON.stringify({ device_id: deviceId(), shows });
    const response = await fetch(ownUrl("choice"), { method: "POST", body });
    if (!response.ok) throw new Error(`Upreel answered ${response.status}`);
    const { playbackManager } = given ?? {};
    if (playbackManager) return playAgain(playbackManager);
    return askSessionToPlay(now);
  }

  /** The same item at the same place, with its sound and subtitles. */
  function playAgain(playbackManager) {
    const player = playbackManager.getCurrentPlayer();
    const item = playbackManager.currentItem(player);
    const source = playbackManager.currentMediaSource(player);
    return playbackManager.play({
      ids: [item.Id],
      serverId: item.ServerId,
      startPositionTicks: Math.round(playbackManager.currentTime(player) * TICKS_PER_MS),
      mediaSourceId: source.Id,
      audioStreamIndex: playbackManager.getAudioStreamIndex(player),
      subtitleStreamIndex: playbackManager.getSubtitleStreamIndex(player),
    });
  }

  /** Without the client's own parts: by remote control of itself. */
  async function askSessionToPlay({ item_id: itemId }) {
    const sessions = await api().getSessions({ DeviceId: deviceId() });
    const session = sessions.find(({ NowPlayingItem }) => NowPlayingItem !== undefined);
    if (session === undefined) throw new Error("Jellyfin does not know what is played here");
    const { PositionTicks, MediaSourceId, AudioStreamIndex, SubtitleStreamIndex } =
      session.PlayState ?? {};
    return api().sendPlayCommand(session.Id, {
      PlayCommand: "PlayNow",
      ItemIds: itemId,
      StartPositionTicks: PositionTicks ?? 0,
      MediaSourceId,
      AudioStreamIndex,
      SubtitleStreamIndex,
    });
  }

  const STATES = {
    queued: "waiting",
    starting: "starting",
    running: "upscaling",
    paused: "paused",
    idle: "partly upscaled",
    complete: "ready",
    failed: "failed",
    cancelled: "cancelled",
  };

  const seconds = (value) => `${Math.round(value)} s`;

  /** Lines of the panel: name and value. */
  function describe(now) {
    if (now === null)
      return [["State", "Upreel was not running when this film was started: start it again"]];
    const { stream, shows, reason } = now;
    const lines = [["Plays", shows === "upscaled" ? "the upscaled film" : "the original"]];
    if (reason !== null) lines.push(["Why", reason.message]);
    if (stream === null) return lines;
    const size = stream.height === null ? "" : `, ${stream.width}×${stream.height}`;
    lines.push(["State", `${STATES[stream.state] ?? stream.state}${size}`]);
    lines.push(["Upscaled", `${Math.floor(stream.ratio * 100)} %`]);
    lines.push(["Ready", `${seconds(stream.lead_seconds)} ahead of you`]);
    if (stream.state === "running") lines.push(["Speed", `${stream.speed.toFixed(1)}× film speed`]);
    if (stream.model !== null) lines.push(["Model", stream.model]);
    if (stream.reason !== null) lines.push(["Problem", stream.reason.message]);
    return lines;
  }

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function openPanel(page) {
    const list = element("dl", {
      style: "display:grid;grid-template-columns:auto 1fr;gap:.3em .9em;margin:0 0 .8em",
    });
    const bar = element("progress", { max: 1, value: 0, style: "width:100%" });
    bar.setAttribute("aria-label", "Upscaled so far");
    const toggle = element("button", { type: "button", className: "raised emby-button" });
    const compare = element("a", {
      textContent: "Compare",
      target: "_blank",
      rel: "noopener",
      style: "margin-left:1em;color:inherit",
    });
    const note = element("p", { style: "margin:.6em 0 0" });
    note.setAttribute("role", "status");
    const panel = element(
      "section",
      {
        id: PANEL_ID,
        style:
          "position:fixed;right:1.5em;bottom:9em;z-index:1000;width:22em;max-width:90vw;padding:1em;" +
          "border-radius:.4em;background:rgba(20,20,20,.93);color:#eee;font-size:.95em",
      },
      element("h2", { textContent: "Upscaling", style: "margin:0 0 .6em;font-size:1.1em" }),
      list,
      bar,
      element("div", { style: "margin-top:.8em" }, toggle, compare),
      note,
    );
    panel.setAttribute("aria-label", "Upscaling");
    // A pointer or a key on the player's page means pause: not one that is meant for the panel.
    for (const type of ["pointerdown", "click", "dblclick", "keydown"])
      panel.addEventListener(type, (event) => event.key !== "Escape" && event.stopPropagation());
    page.append(panel);

    let shows = "original";
    let canMakeAhead = false;
    toggle.addEventListener("click", () => {
      note.textContent = canMakeAhead ? "" : "Switching…";
      (canMakeAhead ? makeAhead() : switchTo(shows === "upscaled" ? "original" : "upscaled"))
        .then(look)
        .then(
          () => (note.textContent = ""),
          (error) => (note.textContent = `It did not work: ${error.message}`),
        );
    });
    const look = async () => {
      const now = await ask().catch(() => null);
      shows = now?.shows ?? "original";
      list.replaceChildren(
        ...describe(now).flatMap(([name, value]) => [
          element("dt", { textContent: name, style: "opacity:.7" }),
          element("dd", { textContent: value, style: "margin:0;overflow-wrap:anywhere" }),
        ]),
      );
      bar.value = now?.stream?.ratio ?? 0;
      canMakeAhead = now?.can_make_ahead === true;
      toggle.textContent = canMakeAhead
        ? "Upscale it ahead of time"
        : shows === "upscaled"
          ? "Play the original"
          : "Play upscaled";
      toggle.hidden = now === null || (now.reason?.code === "cannot_hold" && !canMakeAhead);
      compare.hidden = !now?.compare_url;
      if (now?.compare_url) compare.href = now.compare_url;
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      panel.remove();
    };
  }

  /** Adds the button to the player's own, if this is the player and it has a place for it. */
  function addButton(page) {
    const buttons = page.querySelector?.(".videoOsdBottom .buttons");
    if (!buttons || !deviceId() || buttons.querySelector(".upreelButton")) return;
    const button = element("button", {
      type: "button",
      className: "upreelButton autoSize paper-icon-button-light",
      title: "Upscaling",
      textContent: "HD+",
      style: "font-weight:600",
    });
    button.setAttribute("aria-label", "Upscaling");
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

  /**
   * The web client keeps the cues of subtitles in the video element. hls.js deletes them when it loads
   * another stream (for another sound), and the client does not put them in again by itself.
   */
  function restoreSubtitles(video) {
    if (video.currentSrc === lastSource) return;
    lastSource = video.currentSrc;
    const { playbackManager } = given ?? {};
    const player = playbackManager?.getCurrentPlayer?.();
    const index = player && playbackManager.getSubtitleStreamIndex(player);
    const tracks = Array.from(video.textTracks ?? []);
    const isGone = tracks.every(({ mode, cues }) => mode === "disabled" || cues?.length === 0);
    if (!(index >= 0) || tracks.length === 0 || !isGone) return;
    player.setSubtitleStreamIndex(-1);
    player.setSubtitleStreamIndex(index);
  }
  let lastSource;

  document.addEventListener("viewshow", ({ target }) => addButton(target));
  document.addEventListener("playing", ({ target }) => restoreSubtitles(target), true);
})();
