import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

/** Built pages as vite makes them, with styles inside and compressed copies beside. */
export async function makePages(folder: string): Promise<string> {
  const page = (title: string): string =>
    `<title>${title}</title><style>body{margin:0}</style><script src="./assets/page-1a2b.js"></script>`;
  await mkdir(join(folder, "assets"), { recursive: true });
  await mkdir(join(folder, "watch/compare"), { recursive: true });
  await writeFile(join(folder, ".stamp"), "");
  await writeFile(join(folder, "index.html"), page("Dashboard"));
  await writeFile(join(folder, "index.html.br"), brotliCompressSync(page("Dashboard")));
  await writeFile(join(folder, "watch/index.html"), page("Watch"));
  await writeFile(join(folder, "watch/compare/index.html"), page("Compare"));
  await writeFile(join(folder, "assets/page-1a2b.js"), "");
  return folder;
}
