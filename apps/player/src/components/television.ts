/** Browsers of televisions and of the sticks and boxes behind them. */
const AGENTS =
  /\b(?:SMART-?TV|SmartTV|Tizen|Web0S|webOS|NetCast|BRAVIA|HbbTV|VIDAA|Viera|GoogleTV|Android TV|AppleTV|CrKey|AFT[A-Z])/i;
/** As those look that do not say so: wide, and nothing to point with. */
const NO_POINTER = "(min-width: 1200px) and (hover: none) and (pointer: none)";

/** Whether this is watched from a couch and moved through by four arrows. */
export const isTelevision = (
  agent = navigator.userAgent,
  hasNoPointer = matchMedia(NO_POINTER).matches,
): boolean => hasNoPointer || AGENTS.test(agent);
