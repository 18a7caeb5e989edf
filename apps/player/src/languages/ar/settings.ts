import type { Strings } from "../en.ts";
import type { PartOf } from "../merge.ts";

/** Settings and the log, in Arabic. */
export const arabicSettings: PartOf<Pick<Strings, "settings">> = {
  settings: {
    title: "الإعدادات",
    filter: "ابحث في الإعدادات",
    save: "حفظ",
    discard: "تجاهل",
    saved: "حُفظ.",
    language: "اللغة",
    languageText: "لهذه الصفحات، في هذا المتصفح.",
    languageAuto: "كالمتصفح",
  },
};
