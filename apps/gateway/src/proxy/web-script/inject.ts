import { z } from "zod";

/** The name under which the web client finds our plugin on its window. */
const PLUGIN = "upreelPlugin";
/** From /web/ to /upscale/, also below a base URL; nothing waits for it. */
const TAG = '<script src="../upscale/web.js" async></script>';

const configSchema = z.looseObject({ plugins: z.array(z.string()) });

/** The web client's page with our script; undefined when it is of an unknown shape. */
export function injectScript(html: string): string | undefined {
  const at = html.search(/<\/head>/i);
  return at < 0 ? undefined : html.slice(0, at) + TAG + html.slice(at);
}

/** The web client's config.json with our plugin; undefined when it is of an unknown shape. */
export function addPlugin(config: unknown): unknown {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success || parsed.data.plugins.includes(PLUGIN)) return undefined;
  return { ...parsed.data, plugins: [...parsed.data.plugins, PLUGIN] };
}
