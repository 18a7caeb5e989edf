import { useSignal } from "@preact/signals";
import type { FolderEntry, FolderListing } from "@upreel/core";
import { Dialog } from "../../components/dialog.tsx";
import { Icon } from "../../components/icon.tsx";
import { Problem } from "../../components/problem.tsx";
import { useLoaded } from "../../components/use-loaded.ts";
import { bytes } from "../../format.ts";
import { strings } from "../../strings.ts";
import { ChooseHow } from "./film-choice.tsx";

/** Chooses a film below MEDIA_ROOTS and how it is made, and starts it. */
export function FilmPicker({ onClose }: { readonly onClose: () => void }) {
  const folder = useSignal<string | null>(null);
  const chosen = useSignal<{ path: string; title: string } | undefined>(undefined);
  const wanted = useSignal("");
  const query = folder.value === null ? "" : `?path=${encodeURIComponent(folder.value)}`;
  const { loaded, reload } = useLoaded<FolderListing>(`files${query}`);
  const enter = (path: string | null): void => {
    wanted.value = "";
    folder.value = path;
  };
  const state = loaded.value;
  const names = strings.picker;
  if (chosen.value !== undefined)
    return (
      <Dialog title={strings.choices.title} onClose={onClose}>
        <ChooseHow
          film={chosen.value}
          onStarted={onClose}
          onBack={() => (chosen.value = undefined)}
        />
      </Dialog>
    );
  return (
    <Dialog title={strings.streams.start} onClose={onClose}>
      {state.kind === "failed" && (
        <>
          <Problem thrown={state.thrown} onRetry={reload} />
          {folder.value !== null && (
            <button type="button" class="button" onClick={() => enter(null)}>
              {names.roots}
            </button>
          )}
        </>
      )}
      {state.kind === "loading" && <div class="skeleton picker-skeleton" />}
      {state.kind === "loaded" && (
        <>
          <div class="picker-head">
            {state.value.parent !== undefined && (
              <button
                type="button"
                class="button bare"
                aria-label={names.up}
                onClick={() => enter(state.value.parent ?? null)}
              >
                <Icon name="back" />
              </button>
            )}
            <p class="quiet small">{state.value.path ?? names.roots}</p>
          </div>
          {state.value.entries.length > 12 && (
            <input
              class="input"
              type="search"
              placeholder={names.filter}
              aria-label={names.filter}
              value={wanted.value}
              onInput={(event) => (wanted.value = event.currentTarget.value)}
            />
          )}
          <Entries
            entries={state.value.entries.filter(({ name }) =>
              name.toLowerCase().includes(wanted.value.trim().toLowerCase()),
            )}
            isRoots={state.value.path === null}
            onEnter={enter}
            onChoose={({ path, name }) =>
              (chosen.value = { path, title: name.replace(/\.[^.]*$/, "") })
            }
          />
          {state.value.is_cut && <p class="quiet small">{names.cut}</p>}
        </>
      )}
    </Dialog>
  );
}

interface EntriesProps {
  readonly entries: readonly FolderEntry[];
  readonly isRoots: boolean;
  readonly onEnter: (path: string) => void;
  readonly onChoose: (film: FolderEntry) => void;
}

function Entries({ entries, isRoots, onEnter, onChoose }: EntriesProps) {
  const names = strings.picker;
  if (entries.length === 0)
    return <p class="quiet picker-empty">{isRoots ? strings.films.noRoots : names.empty}</p>;
  return (
    <ul class="picker">
      {entries.map((entry) => (
        <li key={entry.path}>
          <button
            type="button"
            onClick={() => (entry.kind === "folder" ? onEnter(entry.path) : onChoose(entry))}
          >
            <Icon name={entry.kind === "folder" ? "folder" : "film"} />
            <span>{entry.name}</span>
            {entry.size_bytes !== null && (
              <span class="quiet small figures-text">{bytes(entry.size_bytes)}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}
