import { useComputed, useSignal } from "@preact/signals";
import { urlOf } from "../../api/gateway.ts";
import { CommandLine } from "../../components/command-line.tsx";
import { Icon } from "../../components/icon.tsx";
import { Problem } from "../../components/problem.tsx";
import { factLine } from "../../format.ts";
import { strings } from "../../strings.ts";
import { countFilms } from "./film-groups.ts";
import { FilmPicker } from "../film-picker/film-picker.tsx";
import { ReadyNotesButton, ReadyNotesHelp } from "../../components/ready-notes-button.tsx";
import { ScanLine } from "./scan-line.tsx";
import { StreamList } from "./stream-list.tsx";
import type { StreamStore } from "./stream-store.ts";

/** From this many films on a filter helps. */
const FILTER_FROM = 8;

/** All streams, the running ones first. */
export function StreamsView({ store }: { readonly store: StreamStore }) {
  const wanted = useSignal("");
  const isPicking = useSignal(false);
  const isChoosing = useSignal(false);
  const shown = useComputed(() => {
    const text = wanted.value.trim().toLowerCase();
    return store.films.value.filter((film) =>
      store.versions(film).some(({ status }) => status.peek().title.toLowerCase().includes(text)),
    );
  });
  const line = store.line.value;
  if (line.kind === "refused") return <Problem thrown={line.error} />;
  if (line.kind === "loading") return <Loading />;
  const films = store.films.value.length;
  const isEmpty = films === 0;
  return (
    <>
      <div class="view-head">
        <div>
          <h1>{strings.streams.title}</h1>
          {!isEmpty && <Summary store={store} />}
          <ScanLine />
        </div>
        {!isEmpty && <ReadyNotesButton />}
        {films > 1 && (
          <button
            type="button"
            class="button"
            aria-pressed={isChoosing.value}
            onClick={() => (isChoosing.value = !isChoosing.value)}
          >
            {strings.streams.choose.several}
          </button>
        )}
        <button type="button" class="button primary" onClick={() => (isPicking.value = true)}>
          <Icon name="plus" />
          {strings.streams.start}
        </button>
        {films >= FILTER_FROM && (
          <input
            class="input filter"
            type="search"
            placeholder={strings.streams.filter}
            aria-label={strings.streams.filter}
            onInput={(event) => (wanted.value = event.currentTarget.value)}
          />
        )}
      </div>
      {!isEmpty && <ReadyNotesHelp />}
      {isPicking.value && <FilmPicker onClose={() => (isPicking.value = false)} />}
      {isEmpty ? (
        <Empty />
      ) : (
        <StreamList
          {...{ store, films: shown }}
          isChoosing={isChoosing.value}
          onChosen={() => (isChoosing.value = false)}
        />
      )}
      {!isEmpty && shown.value.length === 0 && <p class="quiet">{strings.streams.noneMatch}</p>}
    </>
  );
}

function Summary({ store }: { readonly store: StreamStore }) {
  const text = useComputed(() => {
    const states = store.films.value.map((film) =>
      store.versions(film).map(({ status }) => status.value.state),
    );
    const [running = 0, waiting = 0, finished = 0, failed = 0] = countFilms(states);
    return factLine(
      strings.streams
        .summary(running, waiting, finished, failed)
        .map((part) => part.replaceAll(" ", "\u00a0")),
    );
  });
  return <p class="quiet">{text}</p>;
}

function Empty() {
  const example = `curl -X POST ${urlOf("upscale-trigger")} -d '{"path": "/films/film.mkv"}'`;
  return (
    <div class="card empty">
      <Icon name="film" />
      <h2>{strings.streams.emptyTitle}</h2>
      <p class="quiet">{strings.streams.emptyText}</p>
      <CommandLine text={example} />
    </div>
  );
}

/** As high as what comes, so that nothing moves. */
function Loading() {
  return (
    <div aria-busy="true" aria-label={strings.loading} class="streams">
      <div class="skeleton title-skeleton" />
      <div class="skeleton stream-skeleton" />
      <div class="skeleton stream-skeleton" />
    </div>
  );
}
