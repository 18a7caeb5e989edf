import { urlOf } from "../api/gateway.ts";
import { CommandLine } from "./command-line.tsx";

interface OtherPlayersProps {
  readonly id: string;
  readonly playlist?: string;
}

/** How other players get a film: by a command, or on phones, which have no terminal, by its address. */
export function OtherPlayers({ id, playlist = "stream.m3u8" }: OtherPlayersProps) {
  const url = urlOf(`hls/${id}/${playlist}`);
  if (matchMedia("(hover: none)").matches) return <CommandLine text={url} />;
  return (
    <>
      <CommandLine text={`mpv "${url}"`} />
      <CommandLine text={`vlc "${url}"`} />
    </>
  );
}
