import { signal, type Signal } from "@preact/signals";
import { PRESETS, readLook, type Look, type LookPart, type PresetName } from "./look.ts";

/** The look of this browser's viewer, for all films. */
export interface ViewerLook {
  readonly look: Signal<Look>;
  /** While a slider moves: seen at once, not kept yet. */
  set(part: LookPart, value: number): void;
  choose(preset: PresetName): void;
  keep(): void;
}

const KEY = "upreel.look";

export function createViewerLook(): ViewerLook {
  const look = signal(readLook(kept()));
  const keep = (): void => {
    try {
      localStorage.setItem(KEY, JSON.stringify(look.peek()));
    } catch {
      // A browser that keeps nothing forgets; that is all.
    }
  };
  return {
    look,
    keep,
    set(part, value) {
      look.value = { ...look.peek(), [part]: value };
    },
    choose(preset) {
      look.value = PRESETS[preset];
      keep();
    },
  };
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
