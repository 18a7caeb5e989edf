import { spawn } from "node:child_process";
import { accessSync, readdirSync } from "node:fs";
import { eventually, freePort } from "@upreel/testkit";
import { z } from "zod";
import { endGroup, startScreen, XVFB } from "./virtual-screen.ts";

/** What has not come by then hangs, on a machine that is slow and busy, too. */
const LONGEST_MS = 240_000;
/** A page answers a few times a second; one that has not for so long waits for itself. */
const ANSWERS_WITHIN_MS = 60_000;
const LOOKS_MS = 2_000;
const TRIES = 4;
const DRIVER = "/usr/bin/WebKitWebDriver";

/** WebKitGTK's own small browser, which the driver starts; undefined where a part of the three is not there. */
export const WEBKIT = findBrowser();

function findBrowser(): string | undefined {
  try {
    accessSync(DRIVER);
    accessSync(XVFB);
    // /usr/lib/<architecture>/webkit2gtk-<version>/MiniBrowser
    for (const folder of readdirSync("/usr/lib", { withFileTypes: true })) {
      if (!folder.isDirectory()) continue;
      const below = readdirSync(`/usr/lib/${folder.name}`).filter((name) =>
        /^webkit(2gtk|gtk)-/.test(name),
      );
      for (const name of below.sort().toReversed()) {
        const file = `/usr/lib/${folder.name}/${name}/MiniBrowser`;
        try {
          accessSync(file);
          return file;
        } catch {
          // Another version may have it.
        }
      }
    }
  } catch {
    // Not installed.
  }
  return undefined;
}

/** A page in a WebKit of its own, on a screen in memory. */
export interface WebkitPage extends AsyncDisposable {
  /** What a script gives; it runs as the body of a function. */
  run<T>(script: string, schema: z.ZodType<T>): Promise<T>;
  /** Looks twenty times a second until an expression is true. */
  until(expression: string): Promise<void>;
  /** Keys as a keyboard sends them, one after the other. */
  press(...keys: string[]): Promise<void>;
  /** Errors of the page's scripts since it was loaded. */
  problems(): Promise<string[]>;
}

/** Its main thread does not answer any more. */
class WebkitHangs extends Error {}

/**
 * Uses a page in a new WebKit, and in another one where WebKit itself hangs: now and then the main thread of WebKitGTK 2.50 on
 * GStreamer 1.22 never returns from a seek of a film that has just begun (decision 71).
 */
export async function inWebkit(
  url: string,
  use: (page: WebkitPage) => Promise<void>,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await using page = await openInWebkit(url);
      return await use(page);
    } catch (thrown) {
      if (!(thrown instanceof WebkitHangs) || tried === TRIES) throw thrown;
    }
  }
}

/** Driven by classic WebDriver, whose calls are few: a client would be more than what is needed of it. */
async function openInWebkit(url: string): Promise<WebkitPage> {
  await using stack = new AsyncDisposableStack();
  const screen = await startScreen(stack);
  const port = await freePort();
  const driver = spawn(DRIVER, [`--port=${port}`], {
    env: { ...process.env, DISPLAY: screen, LIBGL_ALWAYS_SOFTWARE: "1" },
    stdio: "ignore",
    detached: true,
  });
  stack.defer(() => endGroup(driver));
  const call = callsOf(`http://127.0.0.1:${port}`);
  await eventually("WebKit's driver listens", () =>
    call("GET", "/status").then(
      () => true,
      () => false,
    ),
  );
  const { sessionId } = z.object({ sessionId: z.string() }).parse(
    await call("POST", "/session", {
      capabilities: {
        alwaysMatch: {
          // As after a click: films may begin with sound.
          "webkitgtk:browserOptions": {
            binary: WEBKIT,
            args: ["--automation", "--autoplay-policy=allow"],
          },
          timeouts: { script: LONGEST_MS, pageLoad: LONGEST_MS },
        },
      },
    }),
  );
  const at = `/session/${sessionId}`;
  // One that hangs does not answer: its processes are ended below.
  stack.defer(() =>
    call("DELETE", at, undefined, 5_000)
      .catch(() => undefined)
      .then(() => undefined),
  );
  await call("POST", `${at}/url`, { url });
  const page = pageOf((path, body, withinMs) => call("POST", `${at}${path}`, body, withinMs));
  await page.run(KEEP_PROBLEMS, z.unknown());
  const owned = stack.move();
  return { ...page, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const KEEP_PROBLEMS = `
  window.upreelProblems = [];
  addEventListener("error", ({ message }) => window.upreelProblems.push(message));
  addEventListener("unhandledrejection", ({ reason }) => window.upreelProblems.push(String(reason)));`;

/** What is told of a page in which something never came: its stage and videos. */
const STATE = `JSON.stringify({
  stage: { ...document.querySelector(".stage")?.dataset },
  videos: [...document.querySelectorAll("video")].map((video) => ({
    ...video.dataset, at: video.currentTime, readyState: video.readyState, paused: video.paused,
    seeking: video.seeking, rate: video.playbackRate, error: video.error?.message,
    buffered: [...Array(video.buffered.length).keys()].map((k) => [video.buffered.start(k), video.buffered.end(k)]),
  })),
  text: document.body.innerText.slice(0, 500),
})`;

const pageOf = (
  post: (path: string, body: object, withinMs?: number) => Promise<unknown>,
): Omit<WebkitPage, typeof Symbol.asyncDispose> => ({
  async run(script, schema) {
    return schema.parse(await post("/execute/sync", { script, args: [] }));
  },
  async until(expression) {
    const script = `const [done] = arguments;
      const last = Date.now() + ${LOOKS_MS};
      const look = () => (${expression}) ? done("") : Date.now() > last ? done(${STATE}) : setTimeout(look, 50);
      look();`;
    const deadline = Date.now() + LONGEST_MS;
    let state: string;
    do {
      const answer = await post("/execute/async", { script, args: [] }, ANSWERS_WITHIN_MS);
      state = z.string().parse(answer);
    } while (state !== "" && Date.now() < deadline);
    if (state !== "") throw new Error(`Never true in WebKit: ${expression}\nThe page: ${state}`);
  },
  async press(...keys) {
    const actions = keys.flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ]);
    await post("/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  },
  async problems() {
    const script = "return window.upreelProblems;";
    return z.array(z.string()).parse(await post("/execute/sync", { script, args: [] }));
  },
});

/** Calls of the driver; one that it refuses rejects with its words. */
const callsOf =
  (base: string) =>
  async (
    method: string,
    path: string,
    body?: object,
    withinMs = LONGEST_MS + 10_000,
  ): Promise<unknown> => {
    const response = await fetch(base + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(withinMs),
    }).catch((cause: unknown) => {
      const asked = `${method} ${path} ${JSON.stringify(body ?? {})}`;
      const isLate = cause instanceof Error && cause.name === "TimeoutError";
      const Fault = isLate ? WebkitHangs : Error;
      throw new Fault(`WebKit's driver gave no answer to ${asked}`, { cause });
    });
    const { value } = z.object({ value: z.unknown() }).parse(await response.json());
    if (!response.ok) throw new Error(`WebKit's driver refused ${path}: ${JSON.stringify(value)}`);
    return value;
  };
