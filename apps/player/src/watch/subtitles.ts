import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { TracksAnswer } from "@upreel/core";
import { call } from "../api/gateway.ts";
import { keepAsking } from "../api/keep-asking.ts";

type SubtitleTrack = TracksAnswer["subtitles"][number];

/** The subtitles of one film, whoever shows them: hls.js their text, or a layer of ours what was drawn. */
export interface Subtitles {
  /** Those that can be shown. */
  readonly tracks: ReadonlySignal<readonly SubtitleTrack[]>;
  /** Those that cannot, each with its reason. */
  readonly missing: ReadonlySignal<readonly SubtitleTrack[]>;
  /** Name of the chosen one; "" for none. */
  readonly chosen: ReadonlySignal<string>;
  /** The chosen one, where it is more than text. */
  readonly drawn: ReadonlySignal<SubtitleTrack | undefined>;
  /** The layer shows it: its text is not shown beside it. */
  readonly isDrawn: ReadonlySignal<boolean>;
  /** A film that was still being recorded may have more now. */
  readonly refresh: () => Promise<void>;
  readonly noteDrawn: (isDrawn: boolean) => void;
}

/** `wanted`: the name that was chosen, null for the film's own choice; `load` is for tests. */
export function createSubtitles(
  id: string,
  wanted: ReadonlySignal<string | null>,
  closing: AbortSignal,
  load: (id: string, signal: AbortSignal) => Promise<readonly SubtitleTrack[]> = ask,
): Subtitles {
  const all = signal<readonly SubtitleTrack[]>([]);
  const shownName = signal<string | undefined>(undefined);
  const tracks = computed(() => all.value.filter(canBeShown));
  const chosenTrack = computed(() =>
    wanted.value === null
      ? tracks.value.find((track) => track.is_default)
      : tracks.value.find(({ name }) => name === wanted.value),
  );
  const drawn = computed(() =>
    (chosenTrack.value?.drawn ?? null) === null ? undefined : chosenTrack.value,
  );
  const isDrawn = computed(() => drawn.value !== undefined && shownName.value === drawn.value.name);
  const refresh = async (): Promise<void> => {
    const found = await keepAsking(() => load(id, closing), closing);
    if (found !== undefined && !closing.aborted) all.value = found;
  };
  void refresh();
  return {
    ...{ tracks, drawn, isDrawn, refresh },
    missing: computed(() => all.value.filter((track) => !canBeShown(track))),
    chosen: computed(() => chosenTrack.value?.name ?? ""),
    noteDrawn: (isShown) => (shownName.value = isShown ? drawn.peek()?.name : undefined),
  };
}

const canBeShown = ({ url, drawn }: SubtitleTrack): boolean => url !== null || drawn !== null;

const ask = async (id: string, signal: AbortSignal): Promise<readonly SubtitleTrack[]> =>
  (await call<TracksAnswer>(`tracks/${id}`, { signal })).subtitles;
