import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("parts/", import.meta.url));
/** Each comes after those that it uses. */
const PARTS = [
  ...[
    "client",
    "gateway",
    "element",
    "texts-ar",
    "texts-de",
    "texts-en",
    "texts",
    "play-again",
    "describe",
    "look",
    "choice-row",
    "quality",
    "made-by",
    "panel",
    "player",
  ],
];

/** Imports of one part by another; nothing else is imported. */
const IMPORT = /^import [^;]+ from "\.\/[\w-]+\.js";$/gm;
const EXPORT = /^export (?=const |let |function |async function )/gm;

/**
 * A button and a panel in the player of Jellyfin's web client, as one classic script: whether the film is upscaled,
 * how far it is, by what it is made, and the way to the upscaled film and back. It does nothing where the client is
 * another, or where it runs a second time. The parts are modules for those who read and check them; joined, they share
 * one function, so that a page of one version never loads a part of another.
 */
export function joinScript(): string {
  const parts = PARTS.map((name) => {
    const text = readFileSync(`${FOLDER}${name}.js`, "utf8");
    return text.replaceAll(IMPORT, "").replaceAll(EXPORT, "").trim();
  });
  return [
    "(() => {",
    '"use strict";',
    "if (window.upreelPlugin !== undefined) return;",
    ...parts,
    "})();\n",
  ].join("\n");
}
