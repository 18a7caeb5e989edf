import { useSignal, type ReadonlySignal } from "@preact/signals";
import type { FilmChoice } from "@upreel/core";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { send } from "../../api/gateway.ts";
import { Divider } from "../../components/divider.tsx";
import { createView } from "../../components/split-view.ts";
import { Icon } from "../../components/icon.tsx";
import { Problem } from "../../components/problem.tsx";
import type { Loaded } from "../../components/use-loaded.ts";
import { strings } from "../../strings.ts";

/** As many as the gateway has of a film. */
const SCENES = [0, 1, 2] as const;

interface BeforeAfterProps {
  readonly path: string;
  readonly choice: FilmChoice;
}

/** What a way to make a film does to its picture, before it is begun: made when somebody asks to see it. */
export function BeforeAfter(props: BeforeAfterProps) {
  const isOpen = useSignal(false);
  return (
    <>
      <button
        type="button"
        class="button"
        aria-expanded={isOpen.value}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        <Icon name="compare" />
        {strings.choices.look}
      </button>
      {isOpen.value && <Pictures {...props} />}
    </>
  );
}

/** The middle of a scene, pixel by pixel: the original by a smooth scaler, and the same by the model. */
function Pictures({ path, choice }: BeforeAfterProps) {
  const scene = useSignal<number>(1);
  const stage = useRef<HTMLDivElement>(null);
  const view = useMemo(createView, []);
  const names = strings.choices;
  const of = (model: string): string =>
    `preview?${new URLSearchParams({ path, scene: String(scene.value), model }).toString()}`;
  /** How often it was tried again. */
  const attempt = useSignal(0);
  const original = usePicture(of("original"), attempt.value).value;
  const upscaled = usePicture(of(choice.id), attempt.value).value;
  const failed = [original, upscaled].find(({ kind }) => kind === "failed");
  const split = view.split.value * 100;
  return (
    <figure class="before-after">
      {failed?.kind === "failed" ? (
        <Problem thrown={failed.thrown} onRetry={() => attempt.value++} />
      ) : (
        <div ref={stage} class="before-after-stage">
          {original.kind === "loaded" && (
            <img src={original.value} alt={strings.watch.original} draggable={false} />
          )}
          {upscaled.kind === "loaded" ? (
            <>
              <img
                src={upscaled.value}
                alt={strings.watch.upscaled}
                style={{ clipPath: `inset(0 0 0 ${split}%)` }}
              />
              <Divider view={view} stage={stage} />
            </>
          ) : (
            <div class="before-after-wait" role="status">
              <span class="spinner" />
              <p>{names.making}</p>
            </div>
          )}
        </div>
      )}
      <div class="row-buttons" role="group" aria-label={names.scenes}>
        {SCENES.map((each) => (
          <button
            key={each}
            type="button"
            class="button"
            aria-pressed={each === scene.value}
            onClick={() => (scene.value = each)}
          >
            {names.scene(each + 1)}
          </button>
        ))}
      </div>
      <figcaption class="quiet small">{names.fair}</figcaption>
    </figure>
  );
}

/** Address of a picture that the gateway makes, which it stops when nobody waits for it any more. */
function usePicture(path: string, attempt: number): ReadonlySignal<Loaded<string>> {
  const picture = useSignal<Loaded<string>>({ kind: "loading" });
  useEffect(() => {
    const closing = new AbortController();
    const { signal } = closing;
    let url: string | undefined;
    picture.value = { kind: "loading" };
    send(path, { signal })
      .then((response) => response.blob())
      .then(
        (blob) => {
          if (signal.aborted) return;
          url = URL.createObjectURL(blob);
          picture.value = { kind: "loaded", value: url };
        },
        (thrown: unknown) => {
          if (!signal.aborted) picture.value = { kind: "failed", thrown };
        },
      );
    return () => {
      closing.abort();
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [path, attempt]);
  return picture;
}
