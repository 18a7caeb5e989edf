import { useEffect } from "preact/hooks";
import type { LibraryPictures } from "@upreel/core";
import { call } from "../../api/gateway.ts";
import { Problem } from "../../components/problem.tsx";
import { useLoaded } from "../../components/use-loaded.ts";
import { useSignal } from "@preact/signals";
import { strings } from "../../strings.ts";

const LOOK_MS = 2_000;

/** Posters, backdrops and photos of Jellyfin's; nothing where the gateway has no key for it. */
export function PicturesCard() {
  const { loaded, reload, put } = useLoaded<LibraryPictures>("library/pictures");
  const problem = useSignal<unknown>(undefined);
  const state = loaded.value;
  const isAtWork =
    state.kind === "loaded" &&
    (state.value.state === "upscaling" || state.value.state === "undoing");
  useEffect(() => {
    if (!isAtWork) return undefined;
    const looking = setInterval(reload, LOOK_MS);
    return () => clearInterval(looking);
  }, [isAtWork]);
  if (state.kind !== "loaded" || state.value.state === "off") return null;
  const names = strings.system.pictures;
  const order = (what: "start" | "stop" | "undo") => {
    problem.value = undefined;
    call<LibraryPictures>(`library/pictures/${what}`, { method: "POST" }).then(
      put,
      (thrown: unknown) => void (problem.value = thrown),
    );
  };
  const { done, looked_at: lookedAt, failed, kept } = state.value;
  return (
    <ul class="card rows">
      <li class="finding">
        <span class={isAtWork ? "chip live" : "chip"}>
          {isAtWork || lookedAt > 0 ? names.counts(done, lookedAt, failed) : names.kept(kept)}
        </span>
        <div>
          <h2 class="row-title">{names.title}</h2>
          <p class="quiet">{names.text}</p>
          {problem.value !== undefined && <Problem thrown={problem.value} />}
          <p class="fix">
            {isAtWork ? (
              <button type="button" class="button" onClick={() => order("stop")}>
                {names.stop}
              </button>
            ) : (
              <>
                <button type="button" class="button" onClick={() => order("start")}>
                  {names.start}
                </button>
                {kept > 0 && (
                  <button type="button" class="button" onClick={() => order("undo")}>
                    {names.undo}
                  </button>
                )}
              </>
            )}
          </p>
        </div>
      </li>
    </ul>
  );
}
