import { UpreelError } from "@upreel/core";
import { Router, type Request, type Response } from "express";
import type { BuiltFile } from "../server/built-pages.ts";
import type { GatewayDeps } from "../deps.ts";
import { createBeginOriginal } from "./begin-original.ts";

/** The web pages; everything they need comes from this machine. */
export function pageRoutes(deps: GatewayDeps): Router {
  const { pages, streams } = deps;
  const router = Router();
  const beginOriginal = createBeginOriginal(deps);
  const sendPage = (name: string, request: Request, response: Response): void => {
    const file = pages.files.get(name);
    if (file === undefined)
      throw new UpreelError("not_found", "the web pages are not built", {
        expected: "npm start builds them; otherwise node scripts/build-player.ts, and start again",
      });
    // Names another set of scripts after each update.
    response.setHeader("Cache-Control", "no-cache");
    sendFile(file, request, response);
  };
  router.get("/", (request, response) => sendPage("index.html", request, response));
  const watched = { "/watch/:id": "watch", "/watch/:id/compare": "watch/compare" } as const;
  for (const [path, folder] of Object.entries(watched))
    router.get(path, (request: Request<{ id: string }>, response) => {
      // The page tells what to do about a stream that is gone; a crawler sees the status.
      const isKnown = streams.has(request.params.id);
      response.status(isKnown ? 200 : 404);
      if (isKnown && request.method === "GET") beginOriginal(request.params.id);
      sendPage(`${folder}/index.html`, request, response);
    });
  router.get(
    ["/assets/:name", "/icon.svg", "/icon-:size.png", "/manifest.webmanifest"],
    (request, response) => {
      const file = pages.files.get(request.path.slice(1));
      if (file === undefined)
        throw new UpreelError("not_found", `nothing is at ${request.path}`, {
          expected: "a file that the pages name",
        });
      // Vite puts a hash of the content into these names.
      const isHashed = request.path.startsWith("/assets/");
      response.setHeader(
        "Cache-Control",
        isHashed ? "public, max-age=31536000, immutable" : "public, max-age=3600",
      );
      sendFile(file, request, response);
    },
  );
  return router;
}

/** Compressed as the client can take it; express adds ETag and answers 304. */
function sendFile(file: BuiltFile, request: Request, response: Response): void {
  const accepted = (["br", "gzip"] as const).find(
    (encoding) => file[encoding] !== undefined && request.acceptsEncodings(encoding) !== false,
  );
  response.setHeader("Content-Type", file.type);
  response.vary("Accept-Encoding");
  if (accepted !== undefined) response.setHeader("Content-Encoding", accepted);
  response.send(file[accepted ?? "plain"]);
}
