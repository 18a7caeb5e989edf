import type { RequestHandler, Response } from "express";
import { UpreelError, type Clock } from "@upreel/core";
import type { Playbacks } from "../../viewing/playbacks.ts";

const PIECE = /^\/([a-z2-7]+)\/(segments|lower|audio)\/(?:[^/]+\/)?\d{6}\.ts$/;

const DEADLINE = "firstPieceDeadline";

/** Until when an answer may still be a refusal; undefined: it may not. */
export const firstPieceDeadline = ({ locals }: Response): AbortSignal | undefined => {
  const given: unknown = locals[DEADLINE];
  return given instanceof AbortSignal ? given : undefined;
};

export interface FirstPieces {
  /** Takes notice of the pieces that players get. */
  readonly note: RequestHandler;
  /** Whether those who play the stream of this path wait for their first piece still. */
  areAwaited(path: string): boolean;
  /** Answers by `route`, which is given so long; what is not there by then is refused. */
  bound(route: RequestHandler): RequestHandler;
}

/**
 * Of which stream a piece is, and whether of its pictures, in any quality, or its sound. These are waited for separately: the
 * one may be there long before the other.
 */
function pieceOf(path: string): { readonly id: string; readonly kind: string } | undefined {
  const [, id, folder] = PIECE.exec(path) ?? [];
  return id === undefined ? undefined : { id, kind: `${id} ${folder === "audio"}` };
}

/**
 * Up to its first piece a player can still be told that its stream does not come: it asks for its
 * PlaybackInfo again and gets the original. Afterwards the same answer ends its film.
 */
export function createFirstPieces(
  playbacks: Pick<Playbacks, "open">,
  clock: Clock,
  waitMs: number,
): FirstPieces {
  /** When somebody got a piece of a stream's pictures or sound. */
  const sentAtMs = new Map<string, number>();
  return {
    note({ path, method }, response, next) {
      const piece = pieceOf(path);
      if (piece !== undefined && method === "GET")
        response.once("finish", () => {
          if (response.statusCode < 400) sentAtMs.set(piece.kind, clock.nowMs());
          for (const oldest of sentAtMs.keys()) if (sentAtMs.size > 1_000) sentAtMs.delete(oldest);
        });
      next();
    },
    areAwaited(path) {
      const piece = pieceOf(path);
      // What is no piece may be asked for while somebody plays a film that has no stream.
      if (piece === undefined) return false;
      const players = playbacks.open().filter(({ playback }) => playback.streamId === piece.id);
      const atMs = sentAtMs.get(piece.kind) ?? -Infinity;
      return (
        players.length > 0 &&
        players.every(({ playback }) => playback.shows === "original" || playback.begunAtMs > atMs)
      );
    },
    bound: (route) => (request, response, next) => {
      const deadline = new AbortController();
      response.locals[DEADLINE] = deadline.signal;
      let isDecided = false;
      const decide = (error?: unknown): void => {
        if (isDecided) return;
        isDecided = true;
        next(error);
      };
      const timer = setTimeout(() => {
        deadline.abort();
        if (!response.headersSent) decide(tooLate(waitMs));
      }, waitMs);
      response.once("close", () => clearTimeout(timer));
      void route(request, response, decide);
    },
  };
}

const tooLate = (waitMs: number): UpreelError =>
  new UpreelError("timeout", "the first segment does not arrive", {
    expected: `within ${waitMs / 1000} s`,
  });
