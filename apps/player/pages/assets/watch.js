/* global Hls */
const id = location.pathname.split("/").filter(Boolean).at(-1);
// Relative to the page, so that a gateway behind a path of a proxy works too.
const at = (path) => new URL(`../${path}`, location.href).href;
const liveUrl = at(`hls/${id}/live.m3u8`);
const element = (name) => document.getElementById(name);
const say = (name, text) => (element(name).textContent = text);

const STATES = {
  queued: "waits for its turn",
  starting: "starting",
  running: "upscaling",
  paused: "paused",
  idle: "partly made; trigger it to go on",
  complete: "finished",
  failed: "failed",
  cancelled: "cancelled",
};

function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function showProblem(text) {
  element("problem").hidden = !text;
  say("problem", text ?? "");
}

function show(status) {
  document.title = `${status.title} – Upreel`;
  say("title", status.title);
  say("state", STATES[status.state] ?? status.state);
  element("progress").value = status.ratio;
  say("ratio", `${(status.ratio * 100).toFixed(1)} %`);
  say(
    "speed",
    status.speed > 0 ? `${status.speed.toFixed(2)}× (${status.fps.toFixed(0)} fps)` : "–",
  );
  say("lead", clock(status.lead_seconds));
  say("eta", status.eta_seconds === null ? "–" : clock(status.eta_seconds));
  say("picture", status.width === null ? "–" : `${status.width}×${status.height}`);
  say("model", status.model === null ? "–" : `${status.model} on ${status.provider}`);
  const isOver = status.state === "failed" || status.state === "cancelled";
  const { message, expected, got } = status.reason ?? {};
  const detail = [message, expected && `expected ${expected}`, got && `got ${got}`].filter(Boolean);
  showProblem(isOver ? detail.join("; ") || STATES[status.state] : undefined);
}

function follow() {
  const events = new EventSource(at(`events?id=${encodeURIComponent(id)}`));
  events.addEventListener("status", (event) => show(JSON.parse(event.data)));
  events.addEventListener("removed", () => {
    showProblem("This stream was deleted.");
    events.close();
  });
}

function play() {
  const video = element("video");
  if (globalThis.Hls?.isSupported()) {
    const hls = new Hls({ liveSyncDurationCount: 3 });
    hls.on(Hls.Events.ERROR, (_event, error) => {
      if (!error.fatal) return;
      if (error.type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      else setTimeout(() => hls.loadSource(liveUrl), 3000);
    });
    hls.loadSource(liveUrl);
    hls.attachMedia(video);
  } else {
    video.src = liveUrl;
  }
  // Browsers start a film with sound only after a click; the controls are there for that.
  video.play().catch(() => undefined);
}

say("mpv", `mpv "${liveUrl}"`);
say("vlc", `vlc "${liveUrl}"`);
for (const button of document.querySelectorAll("[data-copies]"))
  button.addEventListener("click", () => {
    const copied = navigator.clipboard.writeText(element(button.dataset.copies).textContent);
    copied.then(
      () => (button.textContent = "Copied"),
      () => (button.textContent = "Select it"),
    );
  });
follow();
play();
