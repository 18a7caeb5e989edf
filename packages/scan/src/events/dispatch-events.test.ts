import { eventually, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openPluginSettings } from "../host/plugin-settings.ts";
import { openRig, type Rig } from "../testing/open-rig.ts";
import { writePlugin } from "../testing/write-plugin.ts";
import { dispatchEvents } from "./dispatch-events.ts";

/** Says on stderr what it is told. */
const LISTENS = `
methods["event.dispatch"] = (id, params) => { console.error(JSON.stringify(params)); answer(id, { ok: true }); };
`;
const manifest = (...events: string[]) => ({ capabilities: [], subscriptions: { events } });

async function told(rig: Rig, id: string): Promise<{ name: string; payload: object }[]> {
  const { plugin } = await rig.plugins.get(id);
  const lines = plugin.log.lines().filter(({ text }) => text.startsWith("{"));
  return lines.map(({ text }) => JSON.parse(text) as { name: string; payload: object });
}

function dispatch(rig: Rig, answerMs = 60_000) {
  const closing = new AbortController();
  let quiet = 0;
  const dispatched = dispatchEvents(rig.events, rig.plugins, {
    ...{ answerMs, signal: closing.signal, onQuiet: () => (quiet += 1) },
  });
  return {
    quiet: () => quiet,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await dispatched[Symbol.asyncDispose]();
    },
  };
}

it("tells a plugin what it subscribed to, in order, and no other", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  await using _told = dispatch(rig);
  await writePlugin(rig.pluginsDir, "films", `${LISTENS} begin()`, manifest("film.*"));
  await writePlugin(rig.pluginsDir, "disks", `${LISTENS} begin()`, manifest("disk.low"));
  await writePlugin(rig.pluginsDir, "off", `${LISTENS} begin()`, manifest("*.*"));
  await openPluginSettings(rig.pluginsDir).setEnabled("off", false);
  for (const title of ["a", "b", "c"])
    rig.events.tell({ name: "film.started", stream: title, title });
  rig.events.tell({ name: "disk.low", free_bytes: 1 });
  await eventually("all are told", async () => (await told(rig, "films")).length === 3);
  await eventually("all are told", async () => (await told(rig, "disks")).length === 1);
  expect(await told(rig, "films")).toMatchObject(
    ["a", "b", "c"].map((title) => ({ name: "film.started", payload: { title } })),
  );
  const { plugin } = await rig.plugins.get("off");
  expect(plugin.state).toBe("discovered");
});

it("does not wait for one that does not answer, nor end it: it may be looking at a film", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  await using dispatched = dispatch(rig, 10);
  const deaf = 'methods["event.dispatch"] = () => console.error("{}"); begin()';
  await writePlugin(rig.pluginsDir, "deaf", deaf, {
    ...manifest("film.*"),
    capabilities: ["media-scan"],
  });
  rig.events.tell({ name: "film.started", stream: "a", title: "a" });
  rig.events.tell({ name: "film.started", stream: "b", title: "b" });
  await eventually("both are given up", () => dispatched.quiet() > 0);
  const { plugin } = await rig.plugins.get("deaf");
  expect(plugin.state).toBe("running");
  expect(await rig.scan("/films/a.mkv")).toMatchObject({ tasks: [{ state: "done" }] });
});

it("tells that films were looked at, and of no look that found all known", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  const heard: unknown[] = [];
  rig.events.subscribe((event) => void heard.push(event));
  await writePlugin(rig.pluginsDir, "mine", "begin()");
  await rig.scan("/films/a.mkv");
  await rig.scan("/films/a.mkv");
  expect(heard).toMatchObject([
    { name: "scan.done", path: "/films/a.mkv", state: "done", films: 1, chapters: 1 },
  ]);
});
