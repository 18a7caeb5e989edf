import type { LibraryAnswer } from "@upreel/core";
import { loadConfig } from "../config.ts";
import { gatewayUrl, readPlan, startPlan } from "./gateway-client.ts";
import { formatSeconds } from "./progress-view.ts";

/** `upreel plan [--start]`: what a running gateway will upscale ahead of time, and begins with it. */
export async function plan({ start }: { readonly start: boolean }): Promise<void> {
  const config = loadConfig();
  const url = gatewayUrl(config);
  const answer = await (start ? startPlan : readPlan)(url, config.apiToken);
  for (const line of planLines(answer)) console.log(line);
  if (start) console.log("started");
}

function planLines({ message, current, films, skipped, ...rest }: LibraryAnswer): string[] {
  const tonight = films.filter((film) => film.tonight);
  const total = rest.estimated_seconds_tonight;
  return [
    `${rest.state}: ${message}`,
    ...(current === null
      ? []
      : [`now: ${current.title}, ${(current.ratio * 100).toFixed(0)} % upscaled`]),
    films.length === 0
      ? "Nothing is planned for tonight."
      : `tonight: ${tonight.length} of ${films.length} films${total === null ? "" : `, about ${formatSeconds(total)} in all`}`,
    ...films.map((film) =>
      [
        film.tonight ? "  *" : "   ",
        film.title,
        `(${film.why}${film.height === null ? "" : `, ${film.height} lines`})`,
        film.estimated_seconds === null ? "" : formatSeconds(film.estimated_seconds),
      ].join(" "),
    ),
    ...skipped.map(({ title, why }) => `  - ${title}: ${why}`),
  ];
}
