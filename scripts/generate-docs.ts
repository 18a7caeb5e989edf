import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SETTING_NAMES, settingsSchema, settingText } from "../apps/gateway/src/config/schema.ts";

const target = fileURLToPath(new URL("../docs/configuration.md", import.meta.url));
const page = configurationPage();
const isCheck = process.argv.includes("--check");
if (!isCheck) writeFileSync(target, page);
else if (readFileSync(target, "utf8") !== page) {
  console.error("docs/configuration.md is out of date; run `npm run docs`");
  process.exitCode = 1;
}

function configurationPage(): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const rows = SETTING_NAMES.map((name) => {
    const { expected, description } = settingText(name);
    return `| \`${name}\` | ${cell(defaultOf(name))} | ${cell(expected)} | ${cell(description)} |`;
  });
  return `<!-- Made by \`npm run docs\` from apps/gateway/src/config/schema.ts; do not edit. -->

# Configuration

Settings are environment variables, changes on the Settings page (saved in \`settings.json\` in the data folder), or entries of
a JSON file with the same names: \`UPREEL_CONFIG=/path/file.json\`, else \`upreel.json\` in the folder where Upreel is started.
Environment variables win, then the Settings page, then the file; an empty variable counts as not set.
If a value is wrong, Upreel does not start and lists all wrong values.

| setting | default | accepts | meaning |
| --- | --- | --- | --- |
${rows.join("\n")}

An example file:

\`\`\`json
{
  "MEDIA_ROOTS": ["/films", "/series"],
  "HOST": "0.0.0.0",
  "API_TOKEN": "a long secret"
}
\`\`\`
`;
}

function defaultOf(name: (typeof SETTING_NAMES)[number]): string {
  const schema = settingsSchema.shape[name];
  const value = "defaultValue" in schema.def ? schema.def.defaultValue : undefined;
  return value === undefined || (Array.isArray(value) && value.length === 0)
    ? "–"
    : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
