export { heldUpBy, type Stage, type StageFigures, type StageReport } from "./stage.ts";
export {
  FINDING_TEXTS,
  withValues,
  type FindingCode,
  type FindingValues,
} from "./finding-texts.ts";
export {
  TOLD_TEXTS,
  shownSpeed,
  tell,
  tellAdvice,
  told,
  toldSchema,
  type Told,
  type ToldCode,
} from "./told.ts";
