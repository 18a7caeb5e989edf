import { choiceBox, choiceRow } from "./choice-row.js";
import { askQualities } from "./gateway.js";
import { playIn } from "./play-again.js";
import { texts } from "./texts.js";

/** Before anything is known. */
const NO_QUALITIES = { session: undefined, qualities: [], chosen: "best" };

/** As Upreel's own page calls them (apps/player/src/watch/controls/play-menu.tsx). */
function qualityOptions(qualities) {
  const said = texts();
  const options = qualities.map(({ quality, lines, bits_per_second: rate }) => {
    const name = quality === "lean" ? said.lean(`${lines}p`) : `${lines}p`;
    const needed = (rate / 1e6).toFixed(1).replace(".", said.point);
    return [JSON.stringify(quality), rate === 0 ? name : `${name} · ${needed} Mbit/s`];
  });
  return [...options, [JSON.stringify("line"), said.asLineAllows]];
}

/**
 * In which quality the upscaled film is played, and those that come. `show` is told of the situation whenever that was
 * asked for; `act` does what was chosen and tells how it went.
 */
export function qualityChoice(act) {
  const { box, setShown } = choiceBox();
  const said = texts();
  let known = NO_QUALITIES;
  let isAsking = false;
  let last = null;
  const choose = async (quality) => {
    known = { ...known, chosen: quality };
    try {
      await playIn(quality);
    } catch (error) {
      known = NO_QUALITIES;
      throw error;
    }
  };
  const row = choiceRow(box, said.quality, (value) =>
    act(() => choose(JSON.parse(value)), said.switching),
  );
  /** Where it fails, it is asked for again with the next look. */
  const ask = (session) => {
    if (isAsking) return;
    isAsking = true;
    const answered = (answer) => {
      isAsking = false;
      if (answer === null) return;
      known = { session, ...answer };
      show(last);
    };
    askQualities().then(answered, () => answered(null));
  };
  const show = (now) => {
    last = now;
    const session = now?.shows === "upscaled" ? now.play_session_id : undefined;
    if (session !== undefined && session !== known.session) ask(session);
    setShown(session !== undefined && known.qualities.length > 1);
    row.show(qualityOptions(known.qualities), JSON.stringify(known.chosen));
  };
  show(null);
  return { box, show };
}
