import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";
import type { TracksAnswer } from "@upreel/core";
import { call } from "../api/gateway.ts";
import { keepAsking } from "../api/keep-asking.ts";

type SubtitleTrack = TracksAnswer["subtitles"][number];
/** What of a film's tracks is needed for its subtitles. */
type Loaded = Pick<TracksAnswer, "subtitles"> & Partial<Pick<TracksAnswer, "fonts">>;

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
  /** In the film, for those that are drawn. */
  readonly fonts: ReadonlySignal<TracksAnswer["fonts"]>;
  /** A film that was still being recorded may have more now. */
  readonly refresh: () => Promise<void>;
  readonly noteDrawn: (isDrawn: boolean) => void;
}

/** `wanted`: the name that was chosen, null for the film's own choice; `load` is for tests. */
export function createSubtitles(
  id: string,
  wanted: ReadonlySignal<string | null>,
  closing: AbortSignal,
  load: (id: string, signal: AbortSignal) => Promise<Loaded> = ask,
): Subtitles {
  const all = signal<readonly SubtitleTrack[]>([]);
  const fonts = signal<TracksAnswer["fonts"]>([]);
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
    if (found === undefined || closing.aborted) return;
    batch(() => {
      all.value = found.subtitles;
      fonts.value = found.fonts ?? [];
    });
  };
  void refresh();
  return {
    ...{ tracks, drawn, isDrawn, fonts, refresh },
    missing: computed(() => all.value.filter((track) => !canBeShown(track))),
    chosen: computed(() => chosenTrack.value?.name ?? ""),
    noteDrawn: (isShown) => (shownName.value = isShown ? drawn.peek()?.name : undefined),
  };
}

const canBeShown = ({ url, drawn }: SubtitleTrack): boolean => url !== null || drawn !== null;

const ask = (id: string, signal: AbortSignal): Promise<Loaded> =>
  call<TracksAnswer>(`tracks/${id}`, { signal });
