const REFRESH_MS = 2000;
const element = (name) => document.getElementById(name);
const token = () => sessionStorage.getItem("token") ?? "";

function row(stream) {
  const link = document.createElement("a");
  link.href = `watch/${stream.id}`;
  link.textContent = stream.title;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = stream.ratio;
  const line = document.createElement("div");
  line.className = "quiet";
  line.textContent = [
    stream.state,
    `${(stream.ratio * 100).toFixed(1)} %`,
    stream.speed > 0 ? `${stream.speed.toFixed(2)}×` : undefined,
    stream.model ?? undefined,
    stream.reason?.message,
  ]
    .filter(Boolean)
    .join(" · ");
  const item = document.createElement("li");
  item.append(link, bar, line);
  return item;
}

function showProblem(text) {
  element("problem").hidden = !text;
  element("problem").textContent = text ?? "";
}

async function refresh() {
  try {
    const headers = token() === "" ? {} : { "X-Api-Token": token() };
    const response = await fetch("streams", { headers });
    const answer = await response.json();
    element("token-line").hidden = response.status !== 401;
    showProblem(response.ok ? undefined : answer.message);
    if (!response.ok) return;
    element("streams").replaceChildren(...answer.streams.map(row));
    element("empty").hidden = answer.streams.length > 0;
  } catch {
    showProblem("The gateway does not answer.");
  }
}

element("example").textContent =
  `curl -X POST ${new URL("upscale-trigger", location.href)} -d '{"path": "/films/film.mkv"}'`;
element("token-line").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", element("token").value);
  void refresh();
});
void refresh();
setInterval(() => {
  if (!document.hidden) void refresh();
}, REFRESH_MS);
