import { useSignal, type ReadonlySignal } from "@preact/signals";
import type { FilmsAnswer } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { call } from "../../api/gateway.ts";
import type { Loaded } from "../../components/use-loaded.ts";

/** While films are looked into, their pictures come one by one. */
const SOON_MS = 1_500;
/** Badges change by themselves: something becomes ready, a folder gets another film. */
const LATER_MS = 15_000;

/** Follows a list of films: what was shown stays until the next answer, also when that fails for once. */
export function useFilms(query: string | undefined): {
  readonly films: ReadonlySignal<Loaded<FilmsAnswer>>;
  readonly reload: () => void;
} {
  const films = useSignal<Loaded<FilmsAnswer>>({ kind: "loading" });
  const attempt = useSignal(0);
  useEffect(() => {
    if (query === undefined) return;
    const closing = new AbortController();
    const { signal } = closing;
    let timer = 0;
    const look = (): void => {
      call<FilmsAnswer>(`films?${query}`, { signal }).then(
        (value) => {
          if (signal.aborted) return;
          films.value = { kind: "loaded", value };
          again(value.pending > 0 || value.is_scanning ? SOON_MS : LATER_MS);
        },
        (thrown: unknown) => {
          if (signal.aborted) return;
          if (films.value.kind !== "loaded") films.value = { kind: "failed", thrown };
          again(LATER_MS);
        },
      );
    };
    const again = (milliseconds: number): void => {
      timer = window.setTimeout(
        () => (document.hidden ? again(milliseconds) : look()),
        milliseconds,
      );
    };
    look();
    return () => {
      closing.abort();
      clearTimeout(timer);
    };
  }, [query, attempt.value]);
  return { films, reload: () => void attempt.value++ };
}
