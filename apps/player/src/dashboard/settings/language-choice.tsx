import { LANGUAGES } from "../../languages/language.ts";
import { keepLanguage, keptLanguage, strings } from "../../strings.ts";

/** The language of the pages: of this browser alone, and at once. */
export function LanguageChoice() {
  const names = strings.settings;
  const kept = keptLanguage();
  const choose = (language: string): void => {
    keepLanguage(language);
    location.reload();
  };
  return (
    <div class="card language">
      <label for="language">
        <b>{names.language}</b>
        <span class="quiet small">{names.languageText}</span>
      </label>
      <select id="language" class="input" onChange={(event) => choose(event.currentTarget.value)}>
        <option value="" selected={kept === ""}>
          {names.languageAuto}
        </option>
        {Object.entries(LANGUAGES).map(([language, name]) => (
          <option key={language} value={language} lang={language} selected={kept === language}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
