import { useComputed, useSignal, type ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { Icon, type IconName } from "../../components/icon.tsx";
import { isOriginalOnly } from "../../stream/actions.ts";
import { clock } from "../../format.ts";
import { strings } from "../../strings.ts";
import type { Cast } from "../player/cast.ts";
import { PlayMenu } from "./play-menu.tsx";
import type { Player } from "../player/player-controls.ts";
import { SeekBar } from "./seek-bar.tsx";

interface ControlsProps {
  readonly id: string;
  readonly player: Player;
  readonly status: ReadonlySignal<StreamStatus>;
  /** Where a screen can reach this page. */
  readonly cast: Cast | undefined;
  readonly onFullscreen: () => void;
  readonly onPip: () => void;
  readonly onHelp: () => void;
}

/** The bar below the picture. */
export function Controls(props: ControlsProps) {
  const { id, player, status, cast, onFullscreen, onPip, onHelp } = props;
  const names = strings.watch;
  const isMenuOpen = useSignal(false);
  const isFull = useSignal(false);
  useEffect(() => {
    const look = (): void => void (isFull.value = document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);
  const time = useComputed(
    () => `${clock(player.position.value)} / ${clock(player.duration.value)}`,
  );
  const isPlaying = player.wantsToPlay.value;
  const isMuted = player.muted.value || player.volume.value === 0;
  return (
    <>
      <div class="controls">
        <SeekBar id={id} player={player} status={status} />
        <div class="controls-row">
          <Control
            icon={isPlaying ? "pause" : "play"}
            name={isPlaying ? names.pause : names.play}
            onClick={player.toggle}
          />
          <Control
            icon={isMuted ? "muted" : "volume"}
            name={isMuted ? names.unmute : names.mute}
            isWide
            onClick={() => player.setVolume(player.volume.value || 0.5, !isMuted)}
          />
          <input
            class="volume wide-only"
            type="range"
            min="0"
            max="1"
            step="0.05"
            aria-label={names.volume}
            value={isMuted ? 0 : player.volume.value}
            onInput={(event) => player.setVolume(Number(event.currentTarget.value), false)}
          />
          <span class="time figures-text">{time}</span>
          <span class="spring" />
          {!isOriginalOnly(status.value) && <PictureToggle player={player} />}
          <Control
            icon="gear"
            name={names.settings}
            isExpanded={isMenuOpen.value}
            onClick={() => (isMenuOpen.value = !isMenuOpen.value)}
          />
          <Control icon="keyboard" name={names.keys} isWide onClick={onHelp} />
          {cast?.isAvailable.value === true && (
            <Control icon="cast" name={names.cast} onClick={cast.choose} />
          )}
          {document.pictureInPictureEnabled && (
            <Control icon="pip" name={names.pip} isWide onClick={onPip} />
          )}
          <Control
            icon={isFull.value ? "shrink" : "expand"}
            name={isFull.value ? names.leaveFullscreen : names.fullscreen}
            onClick={onFullscreen}
          />
        </div>
      </div>
      {isMenuOpen.value && (
        <PlayMenu
          player={player}
          status={status.value}
          onClose={() => (isMenuOpen.value = false)}
        />
      )}
    </>
  );
}

/** Which film is seen; a press on the other one chooses it by hand. */
function PictureToggle({ player }: { readonly player: Player }) {
  const showing = player.showing.value;
  return (
    <div class="picture-toggle" role="group" aria-label={strings.watch.picture}>
      {(["original", "upscaled"] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          aria-pressed={showing === kind}
          onClick={() => player.choose(kind)}
        >
          {strings.watch[kind]}
        </button>
      ))}
    </div>
  );
}

interface ControlProps {
  readonly icon: IconName;
  readonly name: string;
  readonly onClick: () => void;
  readonly isWide?: boolean;
  readonly isExpanded?: boolean;
}

function Control({ icon, name, onClick, isWide = false, isExpanded }: ControlProps) {
  return (
    <button
      type="button"
      class={isWide ? "control wide-only" : "control"}
      aria-label={name}
      aria-expanded={isExpanded}
      title={name}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
