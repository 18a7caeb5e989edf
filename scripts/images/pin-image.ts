import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** An image as a Dockerfile (`FROM`) or a compose file (`image:`) names it. */
export interface NamedImage {
  readonly name: string;
  readonly tag: string;
  readonly digest: string | undefined;
}

const IMAGE = /^(?:FROM|\s*image:)\s+([a-z0-9./-]+):([\w.-]+)(?:@(sha256:[0-9a-f]{64}))?/gm;

/** Each image once. */
export function findImages(text: string): readonly NamedImage[] {
  const images = [...text.matchAll(IMAGE)].map(([, name = "", tag = "", digest]) => ({
    ...{ name, tag, digest },
  }));
  return images.filter(
    (image, at) =>
      images.findIndex(({ name, tag }) => name === image.name && tag === image.tag) === at,
  );
}

/** The text with `digest` behind every mention of the image. */
export const pinned = (text: string, { name, tag }: NamedImage, digest: string): string =>
  text.replaceAll(IMAGE, (whole: string, foundName: string, foundTag: string) =>
    foundName === name && foundTag === tag
      ? `${whole.replace(/@sha256:[0-9a-f]{64}$/, "")}@${digest}`
      : whole,
  );

/** The digest that the registry has for a tag now, of all platforms together; asked by docker. */
export async function readDigest({ name, tag }: NamedImage): Promise<string> {
  const { stdout } = await promisify(execFile)("docker", [
    ...["buildx", "imagetools", "inspect", `${name}:${tag}`],
    ...["--format", "{{.Manifest.Digest}}"],
  ]).catch((cause: unknown) => {
    const said = cause instanceof Error ? cause.message.trim().split("\n").at(-1) : String(cause);
    throw new Error(
      `the digest of ${name}:${tag} cannot be asked for: expected docker with buildx and its registry in reach, got ${said}`,
      { cause },
    );
  });
  const digest = stdout.trim();
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Error(
      `${name}:${tag}: expected a digest, got ${JSON.stringify(digest.slice(0, 200))}`,
    );
  return digest;
}
