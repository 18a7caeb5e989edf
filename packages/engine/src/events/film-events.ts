import type { EventTold, StreamView } from "@upreel/core";

/** What was told of a film, as far as it matters for what is told next. */
export interface ToldFilm {
  readonly state: StreamView["state"];
  readonly hasStarted: boolean;
  readonly hasSegment: boolean;
  readonly model: string | undefined;
}

const IN_WORK: ReadonlySet<StreamView["state"]> = new Set(["queued", "starting", "running"]);

/** Of a film that was there before anybody listened: what it has is not news. */
export const knownFilm = (view: StreamView): ToldFilm => ({
  state: view.state,
  hasStarted: view.segmentsReady > 0 || view.state === "running",
  hasSegment: view.segmentsReady > 0,
  model: view.model,
});

/** What there is to tell of a film as it is now, and what is known of it then. Pure. */
export function filmEvents(
  before: ToldFilm | undefined,
  view: StreamView,
): { readonly events: readonly EventTold[]; readonly told: ToldFilm } {
  const { state, title, model } = view;
  const film = { stream: view.id, title };
  const isNewWork = IN_WORK.has(state) && !wasInWork(before);
  // One that is begun again starts again; one that goes on does not.
  const isAnew = isNewWork && view.segmentsReady === 0;
  const hadStarted = !isAnew && before?.hasStarted === true;
  const hadSegment = !isAnew && before?.hasSegment === true;
  const hasStarted = hadStarted || state === "running" || view.segmentsReady > 0;
  const hasSegment = hadSegment || view.segmentsReady > 0;
  const events: EventTold[] = [];
  if (isNewWork && !hadStarted)
    events.push({ name: "film.queued", ...film, priority: view.priority });
  if (hasStarted && !hadStarted) events.push({ name: "film.started", ...film });
  if (hasSegment && !hadSegment) events.push({ name: "film.firstSegment", ...film });
  const from = before?.model;
  if (state === "running" && hadStarted && from !== undefined && model !== undefined)
    if (from !== model) events.push({ name: "film.switched", ...film, from, to: model });
  if (state !== before?.state) {
    if (state === "complete" && view.file !== undefined)
      events.push({ name: "film.finished", ...film, file: view.file });
    if (state === "failed")
      events.push({
        ...{ name: "film.failed", ...film },
        reason: view.reason ?? { code: "internal", message: "no reason is known" },
      });
  }
  // While nothing runs, the last range that was made says nothing of what is made next.
  const kept = state === "running" ? model : from;
  return { events, told: { state, hasStarted, hasSegment, model: kept } };
}

const wasInWork = (before: ToldFilm | undefined): boolean =>
  before !== undefined && (IN_WORK.has(before.state) || before.state === "paused");
