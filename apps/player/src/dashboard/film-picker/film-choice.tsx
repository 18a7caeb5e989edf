import { useSignal } from "@preact/signals";
import type { FilmChoice, FilmChoices, TriggerAnswer } from "@upreel/core";
import { call } from "../../api/gateway.ts";
import { Problem } from "../../components/problem.tsx";
import { useLoaded } from "../../components/use-loaded.ts";
import { strings } from "../../strings.ts";
import { BeforeAfter } from "./before-after.tsx";
import { choiceText, SHOWN_CHOICES } from "../../stream/choice-text.ts";

interface FilmChoiceProps {
  readonly film: { readonly path: string; readonly title: string };
  readonly onStarted: () => void;
  readonly onBack: () => void;
}

/** How a film is made: each way with what it gives, how fast it is, and what it takes. */
export function ChooseHow({ film, onStarted, onBack }: FilmChoiceProps) {
  const chosen = useSignal("auto");
  const problem = useSignal<unknown>(undefined);
  const isStarting = useSignal(false);
  const { loaded, reload } = useLoaded<FilmChoices>(
    `choices?path=${encodeURIComponent(film.path)}`,
  );
  const state = loaded.value;
  const names = strings.choices;
  const choices =
    state.kind === "loaded"
      ? state.value.choices.filter(({ model }) => SHOWN_CHOICES.includes(model))
      : [];
  const choice = choices.find(({ model }) => model === chosen.value);
  const start = async (): Promise<void> => {
    problem.value = undefined;
    isStarting.value = true;
    try {
      await call<TriggerAnswer>("upscale-trigger", { method: "POST", body: bodyOf(film, choice) });
      onStarted();
    } catch (thrown) {
      problem.value = thrown;
      isStarting.value = false;
    }
  };
  return (
    <form
      class="choices"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <h3>{film.title}</h3>
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      {state.kind === "failed" && <Problem thrown={state.thrown} onRetry={reload} />}
      {state.kind === "loading" && <div class="skeleton picker-skeleton" aria-busy="true" />}
      {choices.map((each) => (
        <label key={each.model} class="choice">
          <input
            type="radio"
            name="model"
            value={each.model}
            checked={each === choice}
            onChange={() => (chosen.value = each.model)}
          />
          <span>
            <b>{names.names[each.model] ?? each.model}</b>
            <span class="quiet small">{choiceText(each)}</span>
          </span>
        </label>
      ))}
      {choice !== undefined && <BeforeAfter path={film.path} choice={choice} />}
      <div class="choice-buttons">
        <button type="button" class="button" onClick={onBack}>
          {names.back}
        </button>
        <button type="submit" class="button primary" disabled={isStarting.value}>
          {names.start}
        </button>
      </div>
    </form>
  );
}

/** What is too slow to watch is made ahead of time. */
const bodyOf = (film: FilmChoiceProps["film"], choice: FilmChoice | undefined) => ({
  ...film,
  ...(choice === undefined || choice.model === "auto" ? {} : { model: choice.model }),
  ...(choice?.is_live === false ? { priority: "background" } : {}),
});
