import {
  UpreelError,
  type AcceptedAnswer,
  type Expectation,
  type TriggerAnswer,
} from "@upreel/core";
import type { TriggerResult } from "@upreel/streams";
import { raw, Router, type RequestHandler } from "express";
import { isLookupId } from "../../jellyfin/lookups.ts";
import type { Acceptance } from "../../jellyfin/take-events.ts";
import { pathHere } from "../../jellyfin/locate-film.ts";
import { RESUME_FOR, resumeFor, resumeStream, triggerFilm } from "@upreel/engine";
import type { GatewayDeps } from "../deps.ts";
import { ownedElsewhere } from "../peers/owned-elsewhere.ts";
import { allStatuses } from "./all-statuses.ts";
import { orderModel } from "./order-model.ts";
import { sendEvents } from "./stream-events.ts";
import { readBodyText } from "./form-text.ts";
import { expectationBody, streamBody } from "./stream-body.ts";
import { parseTriggerBody } from "./trigger-body.ts";
import { baseUrl, streamUrls } from "../server/urls.ts";

/** Webhooks have two kilobytes. Reading more of odd JSON would keep all others from their answers. */
const BODY_LIMIT_BYTES = 128 * 1024;

/** Trigger, state and control of streams. */
export function streamRoutes(deps: GatewayDeps): Router {
  const { streams, config, jellyfin } = deps;
  const router = Router();
  const anyBody = raw({ type: () => true, limit: BODY_LIMIT_BYTES });

  router.post("/upscale-trigger", anyBody, async (request, response) => {
    const type = request.get("content-type");
    const asked = parseTriggerBody(await readBodyText(request.body, type), type);
    const base = baseUrl(request, config.publicUrl);
    if (asked.kind !== "film") {
      const { leader } = jellyfin;
      const body = bytesOf(request.body);
      if (await deps.peers?.passOnToLeader(leader, request, response, body)) return;
      const accepted =
        asked.kind === "event" ? jellyfin.note(asked.notification) : jellyfin.lookUp(asked);
      return void response.status(202).json(acceptedAnswer(accepted, base));
    }
    if (asked.wish.model !== undefined) await deps.models.requireName(asked.wish.model);
    const film = { ...asked, path: pathHere(config, asked.path) };
    const result = await triggerFilm(deps, film).catch(ownedElsewhere);
    if (typeof result === "string") {
      await deps.peers?.passOnTo(result, request, response, bytesOf(request.body));
      return;
    }
    const view = streams.status(result.id);
    // Of a stream that is not planned yet, by what the shelf knows of its film.
    const foreseen =
      view.advice === undefined ? await deps.shelf.expectFilm(asked.path, asked.wish) : undefined;
    const answer = triggerAnswer(result, base, foreseen ?? view);
    const { ignored } = asked;
    response
      .status(STATUS_OF[answer.status])
      .json({ ...answer, ...(ignored.length === 0 ? {} : { ignored }) });
  });

  const sendStatus: RequestHandler<{ id: string }> = async (request, response) => {
    response.setHeader("Cache-Control", "no-store");
    const { id } = request.params;
    const lookup = jellyfin.lookups.find(id);
    if (lookup?.status !== undefined) return void response.json(lookup.status);
    // Whoever took the webhook knows what became of it.
    if (lookup === undefined && isLookupId(id))
      if (await deps.peers?.passOnToLeader(jellyfin.leader, request, response)) return;
    const view = streams.status(lookup === undefined ? id : lookup.streamId);
    const record = await deps.records.read(view.id);
    const plugin = record && deps.scans.lookingAt(record.file.path);
    response.json({
      ...streamBody(view),
      ...(plugin === undefined ? {} : { looked_at_by: plugin }),
    });
  };
  router.get("/status/:id", sendStatus);
  router.get("/progress/:id", sendStatus);
  router.get("/streams", async (request, response) => {
    response.setHeader("Cache-Control", "no-store");
    // One gateway asks another for its own alone.
    const isWhole = deps.peers?.isFromPeer(request) === false;
    const bodies: string[] = [];
    for await (const status of allStatuses(deps, isWhole)) bodies.push(JSON.stringify(status));
    response.type("json").send(`{"streams":[${bodies.join(",")}]}`);
  });
  router.delete("/streams/:id", async (request, response) => {
    const { id } = request.params;
    // What somebody deletes by hand stays deleted, also if it was made again after an eviction.
    await deps.evicted.forget(id);
    response.json({ status: "removed", id, freed_bytes: await streams.remove(id) });
  });
  router.post("/streams/:id/pause", async (request, response, next) => {
    await streams.pause(request.params.id);
    await sendStatus(request, response, next);
  });
  router.post("/streams/:id/resume", async (request, response, next) => {
    await resume(deps, request.params.id, request.query["for"]);
    await sendStatus(request, response, next);
  });
  router.post("/streams/:id/pin", async (request, response, next) => {
    await streams.setPinned(request.params.id, true);
    await sendStatus(request, response, next);
  });
  router.post("/streams/:id/unpin", async (request, response, next) => {
    await streams.setPinned(request.params.id, false);
    await sendStatus(request, response, next);
  });
  router.post("/streams/:id/model", anyBody, async (request, response, next) => {
    const { id } = request.params;
    const text = await readBodyText(request.body, request.get("content-type"));
    await orderModel(deps, id, readJson(text));
    await sendStatus(request, response, next);
  });
  router.post("/streams/:id/cancel", async (request, response, next) => {
    await streams.cancel(request.params.id);
    await sendStatus(request, response, next);
  });

  router.get("/events", sendEvents(deps));
  return router;
}

/** `?for=playing` and `?for=later`, as `resumeFor` tells them apart; without, it is made in any case. */
async function resume(deps: GatewayDeps, id: string, purpose: unknown): Promise<void> {
  if (purpose === undefined) return resumeStream(deps, id);
  const wanted = RESUME_FOR.find((each) => each === purpose);
  if (wanted !== undefined) return resumeFor(deps, id, wanted);
  throw new UpreelError("bad_request", "a stream cannot be resumed for that", {
    expected: RESUME_FOR.map((each) => `?for=${each}`).join(" or "),
    got: `?for=${JSON.stringify(purpose)}`.slice(0, 100),
  });
}

/** Undefined for what is no JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A request without a body has none that was read. */
const bytesOf = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

const STATUS_OF = {
  started: 202,
  queued: 202,
  streaming: 200,
  exists: 200,
} as const;

const acceptedAnswer = ({ lookupId, message }: Acceptance, base: string): AcceptedAnswer => ({
  status: "accepted",
  message,
  check_url: lookupId === undefined ? `${base}/streams` : `${base}/status/${lookupId}`,
});

function triggerAnswer(result: TriggerResult, base: string, expected: Expectation): TriggerAnswer {
  const named = { id: result.id, ...streamUrls(base, result.id) };
  if (result.status === "exists") {
    return { status: "exists", ...named, file: result.archive ?? "" };
  }
  return {
    status: result.status,
    ...named,
    ...(expected.advice === undefined ? {} : expectationBody(expected)),
  };
}
