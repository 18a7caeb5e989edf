import { urlOf } from "../api/gateway.ts";
import { CommandLine } from "./command-line.tsx";

/** How other players get a film: by a command, or on phones, which have no terminal, by its address. */
export function OtherPlayers({ id }: { readonly id: string }) {
  const url = urlOf(`hls/${id}/stream.m3u8`);
  if (matchMedia("(hover: none)").matches) return <CommandLine text={url} />;
  return (
    <>
      <CommandLine text={`mpv "${url}"`} />
      <CommandLine text={`vlc "${url}"`} />
    </>
  );
}
