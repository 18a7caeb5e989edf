import type { Film } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { Dialog } from "../../components/dialog.tsx";
import type { StreamStore } from "../streams/stream-store.ts";
import { VersionList } from "../streams/version-list.tsx";
import { strings } from "../../strings.ts";

interface VersionsDialogProps {
  readonly film: Film;
  readonly store: StreamStore;
  readonly onClose: () => void;
}

/** The versions of a film: which one plays, how large they are, and what can be done with each. */
export function VersionsDialog({ film, store, onClose }: VersionsDialogProps) {
  // One that is deleted here goes from the list.
  void store.films.value;
  const versions = film.film === null ? [] : store.versions(film.film);
  const isLoading = store.line.value.kind === "loading";
  const isGone = !isLoading && versions.length === 0;
  useEffect(() => {
    // The last one was deleted.
    if (isGone) onClose();
  }, [isGone]);
  return (
    <Dialog title={film.title} onClose={onClose}>
      {isLoading && <div class="skeleton picker-skeleton" aria-busy="true" />}
      {versions.length > 1 && <p class="quiet">{strings.streams.versions.text}</p>}
      <VersionList title={film.title} versions={versions} />
    </Dialog>
  );
}
