import type { ScansAnswer } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { useLoaded } from "../../components/use-loaded.ts";
import { strings } from "../../strings.ts";
import { scanText } from "./scan-text.ts";

const LOOK_MS = 5_000;

/** That a plugin looks at a film now; nothing where none does. */
export function ScanLine() {
  const { loaded, reload } = useLoaded<ScansAnswer>("scans");
  useEffect(() => {
    const looking = setInterval(() => !document.hidden && reload(), LOOK_MS);
    return () => clearInterval(looking);
  }, []);
  const state = loaded.value;
  const text = state.kind === "loaded" ? scanText(state.value, strings.streams) : undefined;
  return text === undefined ? null : <p class="quiet small">{text}</p>;
}
