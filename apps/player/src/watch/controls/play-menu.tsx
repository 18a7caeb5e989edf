import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { LookMenu } from "../../look/look-menu.tsx";
import type { StreamStatus } from "@upreel/core";
import { decimal, sentence } from "../../format.ts";
import { strings } from "../../strings.ts";
import { toldText } from "../../told-text.ts";
import { chosenAudio } from "../../playback/choose-tracks.ts";
import { WISHES } from "../../playback/decide.ts";
import type { Player } from "../player/player-controls.ts";
import type { Level } from "../../playback/levels.ts";
import type { Picture } from "../../playback/picture.ts";
import { isBeingMade, MadeBy } from "./made-by.tsx";
import { Choice } from "./menu-choice.tsx";
import { trackName } from "./track-name.ts";

const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];

interface PlayMenuProps {
  readonly player: Player;
  readonly status: StreamStatus;
  readonly onClose: () => void;
}

/** Choice of picture, speed, sound and subtitles. */
export function PlayMenu({ player, status, onClose }: PlayMenuProps) {
  const menu = useFocusedMenu(onClose);
  useEffect(() => void player.subtitleTracks.refresh(), [player]);
  const picture = player.pictures[player.showing.value];
  const audio = picture.audioTracks.value;
  const subtitles = player.subtitleTracks.tracks.value;
  const missing = player.subtitleTracks.missing.value;
  const names = strings.watch;
  return (
    <div ref={menu} class="play-menu" role="dialog" aria-label={names.settings}>
      <Choice
        name={names.picture}
        options={WISHES.map((wish) => ({ value: wish, text: names.wishes[wish] }))}
        chosen={player.wish.value}
        onChoose={player.setWish}
      />
      <QualityChoice picture={picture} />
      {isBeingMade(status) && <MadeBy status={status} />}
      <Choice
        name={names.speed}
        isShort
        options={RATES.map((rate) => ({
          value: rate,
          text: `${String(rate).replace(".", strings.units.point)}×`,
        }))}
        chosen={player.rate.value}
        onChoose={player.setRate}
      />
      {audio.length > 1 && (
        <Choice
          name={names.audio}
          options={audio.map(({ name, language }) => ({
            value: name,
            text: shown(name, language),
          }))}
          chosen={chosenAudio(picture, player.audio.value)}
          onChoose={player.chooseAudio}
        />
      )}
      {(subtitles.length > 0 || missing.length > 0) && (
        <Choice
          name={names.subtitles}
          options={[
            { value: "", text: names.none },
            ...subtitles.map(({ name, language }) => ({
              ...{ value: name, text: shown(name, language) },
            })),
          ]}
          chosen={player.subtitleTracks.chosen.value}
          onChoose={player.chooseSubtitles}
        />
      )}
      <LookMenu viewer={player.look} />
      {missing.map(({ index, name, language, reason, reason_told: told }) => (
        <p key={index} class="play-menu-missing" dir="auto">
          {shown(name, language)}: {sentence(told === null ? "" : toldText([told], reason ?? ""))}
        </p>
      ))}
    </div>
  );
}

/** The element of a menu that takes the focus and gives it back, and is closed by Escape and by a press beside it. */
function useFocusedMenu(onClose: () => void) {
  const menu = useRef<HTMLDivElement>(null);
  // A layout effect: it takes keys as soon as it has the focus, and is ended before the menu goes, when it
  // is known whether the focus was there.
  useLayoutEffect(() => {
    const { current } = menu;
    const opener = document.activeElement;
    current?.querySelector<HTMLElement>("input:checked")?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") onClose();
    };
    const onPress = ({ target }: PointerEvent): void => {
      // A press on the bar is for its own controls; one of them closes the menu.
      if (target instanceof Element && target.closest(".play-menu, .controls") === null) onClose();
    };
    addEventListener("keydown", onKey);
    addEventListener("pointerdown", onPress);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("pointerdown", onPress);
      const hasFocus = current?.contains(document.activeElement) === true;
      if (hasFocus && opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return menu;
}

/** The qualities of the picture that is shown, where there are several. */
function QualityChoice({ picture }: { readonly picture: Picture }) {
  const levels = picture.levels.value;
  if (levels.length < 2) return <></>;
  return (
    <Choice
      name={strings.look.quality}
      options={[
        ...levels.map((level) => ({ ...{ value: level.quality, text: levelText(level) } })),
        { value: "line" as const, text: strings.look.asLineAllows },
      ]}
      chosen={picture.level.value}
      onChoose={picture.chooseLevel}
    />
  );
}

/** `720p · 2.5 Mbit/s`. */
function levelText({ quality, lines, bitsPerSecond }: Level): string {
  const name = quality === "lean" ? strings.look.lean(`${lines}p`) : `${lines}p`;
  if (bitsPerSecond === 0) return name;
  return `${name} · ${decimal(bitsPerSecond / 1e6, 1)} Mbit/s`;
}

/** In the language of the page. */
const shown = (name: string, language: string | null | undefined): string =>
  trackName(name, language, document.documentElement.lang);
