import { UpreelError } from "@upreel/core";
import { openFaceLibrary, type FacesHere } from "@upreel/engine";
import { Router, type Request } from "express";
import PQueue from "p-queue";
import type { GatewayDeps } from "../http/deps.ts";
import { isForm, readBytes, readForm } from "../http/server/read-form.ts";
import { sessionFacts } from "./provider-names.ts";

const FRAME_BYTES = 32 * 2 ** 20;
const FORM_BYTES = 64 * 1024;
const JPEG_QUALITY = 92;
/** Loads of the plugin are given up after 570 s. */
const DOWNLOAD_MS = 560_000;

/** As the plugin calls them, and as they are called here. */
const IDS: ReadonlyMap<string, string> = new Map([["gfpgan-v1.4", "gfpgan-1.4"]]);
/** Any network serves a picture that is not enlarged. */
const NO_NETWORK = "fastest";

/** Faces of single pictures, as the plugin asks for them. */
export function faceRoutes({ config, faces, pictures, closing }: GatewayDeps): Router {
  const router = Router();
  let loaded: FacesHere | undefined;

  const found = (): Promise<FacesHere | undefined> => faces.ready().catch(() => undefined);
  const facts = ({ trial: { provider, size } }: FacesHere) => ({
    input_size: size,
    providers: sessionFacts(provider).providers,
  });

  router.get("/face-restore/status", async (_request, response) => {
    const here = await found();
    const isLoaded = here !== undefined && loaded !== undefined;
    response.json({
      ...{ available: here !== undefined, face_restore_available: here !== undefined },
      ...{ model_loaded: isLoaded, current_model: isLoaded ? here.work.restorer.id : null },
      ...(here === undefined ? { input_size: null, providers: [] } : facts(here)),
      models: (await (await openFaceLibrary(config)).list())
        .filter(({ kind, isHere }) => kind === "restorer" && isHere)
        .map(({ id }) => id),
    });
  });
  /** One after the other: two downloads at once would write into one file. */
  const downloads = new PQueue({ concurrency: 1 });
  async function need(id: string, signal: AbortSignal): Promise<void> {
    const library = await openFaceLibrary(config);
    const isHere = (await library.list()).some((each) => each.id === id && each.isHere);
    if (!isHere) await library.download([id], () => undefined, signal);
    // What finds them, too.
    await library.download([], () => undefined, signal);
  }
  router.post("/face-restore/load", async (request, response) => {
    const name = await modelName(request);
    const id = IDS.get(name) ?? name;
    const signal = AbortSignal.any([closing, AbortSignal.timeout(DOWNLOAD_MS)]);
    await downloads.add(() => need(id, signal), { signal });
    loaded = await faces.ready();
    // Of several that are here one is used, whichever is loaded.
    const used = loaded.work.restorer.id;
    response.json({ success: true, model: used === id ? name : used, ...facts(loaded) });
  });
  router.post("/face-restore/unload", (_request, response) => {
    loaded = undefined;
    // Networks that nobody uses are unloaded without being told.
    response.json({ success: true, message: "The face model is unloaded when nobody uses it" });
  });
  router.post("/face-restore/frame", async (request, response) => {
    if (Number(request.get("content-length") ?? 0) > FRAME_BYTES)
      throw new UpreelError("body_too_large", "the frame is too large", {
        expected: `at most ${FRAME_BYTES / 2 ** 20} MiB`,
      });
    const here = await found();
    if (here === undefined)
      return void response.status(503).json({
        detail: "no face model is here that works: `upreel faces download`, or load one",
      });
    loaded = here;
    const fromMs = performance.now();
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const made = await pictures.image(
      {
        ...{ model: NO_NETWORK, bytes: await readBytes(request, FRAME_BYTES), faces: 1 },
        ...{ input: { kind: "file" }, size: { scale: 1 } },
        output: { kind: "file", format: "jpeg", quality: JPEG_QUALITY },
      },
      gone.signal,
    );
    response.setHeader("X-Face-Count", String(made.faces ?? 0));
    response.setHeader("X-Face-Model", here.work.restorer.id);
    response.setHeader("X-Duration-Ms", String(Math.round(performance.now() - fromMs)));
    response.type("image/jpeg").send(Buffer.from(made.bytes));
  });
  return router;
}

async function modelName(request: Request): Promise<string> {
  const fields = isForm(request) ? (await readForm(request, FORM_BYTES)).fields : undefined;
  const name = fields?.get("model_name");
  if (name !== undefined && name !== "") return name;
  throw new UpreelError("bad_request", "No model is named", { expected: "the field model_name" });
}
