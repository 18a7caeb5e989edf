import { effect, signal } from "@preact/signals";
import type { DrawnFormat } from "@upreel/core";
import { useEffect, useRef } from "preact/hooks";
import { send } from "../../api/gateway.ts";
import { keepAsking } from "../../api/keep-asking.ts";
import type { Player } from "../player/player-controls.ts";

/** Subtitles that are more than text, between the picture and its controls. */
export function SubtitleLayer({ id, player }: { readonly id: string; readonly player: Player }) {
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (layer.current === null) return;
    return drawSubtitles(id, player, layer.current);
  }, [id, player]);
  return <div ref={layer} class="subtitle-layer" />;
}

interface Content {
  readonly format: DrawnFormat;
  readonly bytes: ArrayBuffer;
}

/** Reads what is chosen, and draws it over the picture that is shown; the function it gives ends it. */
function drawSubtitles(id: string, player: Player, layer: HTMLElement): () => void {
  const { drawn, fonts, noteDrawn } = player.subtitleTracks;
  const content = signal<Content | undefined>(undefined);
  const withOwnFonts = async (script: ArrayBuffer, ends: AbortSignal): Promise<ArrayBuffer> => {
    if (fonts.peek().length === 0) return script;
    const { loadFilmFonts, withFilmFonts } = await import("./film-fonts.ts");
    const known = await loadFilmFonts(id, fonts.peek(), ends);
    const text = withFilmFonts(new TextDecoder().decode(script), known);
    return new TextEncoder().encode(text).buffer;
  };
  const stopReading = effect(() => {
    const track = drawn.value;
    const format = track?.drawn?.format;
    content.value = undefined;
    noteDrawn(false);
    if (track === undefined || format === undefined) return;
    const closing = new AbortController();
    // By a path of this page: the gateway may be known to others by another name.
    const path = `hls/${id}/subtitles/${track.index}.drawn`;
    // The film is read for it once, which can take a while.
    const ask = async (): Promise<ArrayBuffer> =>
      (await send(path, { signal: closing.signal })).arrayBuffer();
    const read = async (): Promise<void> => {
      const bytes = await keepAsking(ask, closing.signal);
      if (bytes === undefined) return;
      // It is laid out by the letters that are there when it is drawn.
      const own = format === "ass" ? await withOwnFonts(bytes, closing.signal) : bytes;
      if (!closing.signal.aborted) content.value = { format, bytes: own };
    };
    // Without its fonts it is drawn all the same; a page that cannot load its own parts is loaded anew.
    read().catch(() => undefined);
    return () => closing.abort();
  });
  const stopDrawing = effect(() => {
    const { value } = content;
    if (value === undefined) return;
    // A script is drawn by the clock of one element; pictures by the film's own.
    const picture = value.format === "ass" ? player.pictures[player.showing.value] : undefined;
    const closing = new AbortController();
    const { signal: ends } = closing;
    const draw = async (): Promise<void> => {
      // Each is loaded by whom it concerns: most films have neither.
      if (picture !== undefined) {
        const { drawAss } = await import("./draw-ass.ts");
        if (ends.aborted) return;
        await drawAss({ text: new TextDecoder().decode(value.bytes), picture, layer }, ends);
      } else {
        const { drawPgs } = await import("./draw-pgs.ts");
        if (ends.aborted) return;
        await drawPgs({ sup: value.bytes, time: () => player.active().time(), layer }, ends);
      }
      if (!ends.aborted) noteDrawn(true);
    };
    // What cannot be drawn: its text goes on.
    draw().catch(() => closing.abort());
    return () => closing.abort();
  });
  return () => {
    stopReading();
    stopDrawing();
    noteDrawn(false);
  };
}
