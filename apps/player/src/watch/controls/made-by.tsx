import { useSignal } from "@preact/signals";
import type { ModelEntry, ModelOrder, StreamStatus } from "@upreel/core";
import { call } from "../../api/gateway.ts";
import { Problem } from "../../components/problem.tsx";
import { useLoaded, type Loaded } from "../../components/use-loaded.ts";
import { isOriginalOnly } from "../../stream/actions.ts";
import { SHOWN_CHOICES } from "../../stream/choice-text.ts";
import { modelName } from "../../stream/model-on.ts";
import { strings } from "../../strings.ts";
import { styleOf, type Style } from "../../stream/style-of.ts";
import { toldText } from "../../told-text.ts";
import { Choice } from "./menu-choice.tsx";
import { shownChoice, type Ordered } from "./ordered.ts";

/** How far from the original a film may look: null is what the settings say. */
const STYLES = { faithful: 0, set: null, sharp: 0.7 } as const satisfies Record<Style, unknown>;

/** How much of a restored face is taken; null: faces stay as they are. */
const FACES = { off: null, light: 0.4, clear: 0.7, full: 1 } as const;
const FACE_STRENGTHS = ["off", "light", "clear", "full"] as const;

/** As `GET /models` answers. */
interface ModelsAnswer {
  readonly models: readonly ModelEntry[];
  readonly faces: { readonly available: boolean };
}

/** What was chosen last, as long as the gateway has not told of it. */
interface OrderedParts {
  readonly model?: Ordered<string>;
  readonly style?: Ordered<keyof typeof STYLES>;
  readonly faces?: Ordered<keyof typeof FACES>;
}

/** Whether something of it is still to be made. */
export const isBeingMade = (status: StreamStatus): boolean =>
  status.state !== "complete" && status.duration_seconds !== null && !isOriginalOnly(status);

/** By which model the rest of the film is made, for all who watch it, and why it is this one now. */
export function MadeBy({ status }: { readonly status: StreamStatus }) {
  const problem = useSignal<unknown>(undefined);
  const { loaded } = useLoaded<ModelsAnswer>("models");
  const ordered = useSignal<OrderedParts>({});
  const names = strings.watch.madeBy;
  const order = (body: ModelOrder, shown: OrderedParts): void => {
    problem.value = undefined;
    ordered.value = shown;
    call(`streams/${status.id}/model`, { method: "POST", body }).catch((thrown: unknown) => {
      problem.value = thrown;
      ordered.value = {};
    });
  };
  const { value } = loaded;
  const own = (value.kind === "loaded" ? value.value.models : []).filter(
    ({ state, origin }) => state === "ready" && origin !== "built-in",
  );
  const told = {
    ...{ model: status.wanted_model, style: styleOf(status.wanted_sharpness) },
    faces: strengthOf(status.faces_strength),
  };
  const wanted = shownChoice(told.model, ordered.value.model);
  const listed = [...SHOWN_CHOICES, ...own.map(({ id }) => id)];
  const nameOf = (id: string): string =>
    names.models[id] ?? own.find((each) => each.id === id)?.name ?? modelName(id);
  const isBuiltIn = !own.some(({ id }) => id === wanted);
  return (
    <>
      <Choice
        name={names.title}
        options={(listed.includes(wanted) ? listed : [...listed, wanted]).map((id) => ({
          ...{ value: id, text: nameOf(id) },
        }))}
        chosen={wanted}
        onChoose={(model) => order({ model }, { model: { before: told.model, value: model } })}
      />
      {isBuiltIn && (
        <Choice
          name={names.style}
          options={(["faithful", "set", "sharp"] as const).map((style) => ({
            ...{ value: style, text: names.styles[style] },
          }))}
          chosen={shownChoice(told.style, ordered.value.style)}
          onChoose={(style) =>
            order({ sharpness: STYLES[style] }, { style: { before: told.style, value: style } })
          }
        />
      )}
      {hasFaces(value, status) && (
        <Choice
          name={names.faces}
          options={FACE_STRENGTHS.map((strength) => ({
            ...{ value: strength, text: names.faceStrengths[strength] },
          }))}
          chosen={shownChoice(told.faces, ordered.value.faces)}
          onChoose={(strength) =>
            order({ faces: FACES[strength] }, { faces: { before: told.faces, value: strength } })
          }
        />
      )}
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      <p class="play-menu-missing" role="status">
        {toldText(status.model_reason_told ?? [], status.model_reason ?? "")}
      </p>
    </>
  );
}

/** Where no network for faces is, a film that asks for them can still be made without. */
const hasFaces = (loaded: Loaded<ModelsAnswer>, { faces }: StreamStatus): boolean =>
  faces !== "off" || (loaded.kind === "loaded" && loaded.value.faces.available);

/** The nearest of those that are offered. */
const strengthOf = (strength: number | null): keyof typeof FACES =>
  strength === null ? "off" : strength < 0.55 ? "light" : strength < 0.85 ? "clear" : "full";
