import type { Strings } from "../en.ts";
import { arabicExpected, arabicSettingTexts } from "./setting-texts.ts";
import { arabicSettingTitles } from "./setting-titles.ts";

/** Settings and the log, in Arabic. */
export const arabicSettings: Pick<Strings, "settings" | "logs"> = {
  settings: {
    title: "الإعدادات",
    text: "تُحفظ على الخادم. وما ضُبط كمتغير بيئة لا يمكن تغييره هنا.",
    filter: "ابحث في الإعدادات",
    noneMatch: "لا إعداد يطابق البحث.",
    groups: {
      films: "الأفلام والصورة",
      jellyfin: "Jellyfin",
      night: "التحسين ليلًا",
      access: "من يصل إلى Upreel",
      storage: "التخزين",
      advanced: "متقدم",
    },
    leave: "هل تغادر دون حفظ تغييراتك؟",
    save: "حفظ",
    discard: "تجاهل",
    saved: "حُفظ.",
    changed: (count) => (count === 1 ? "تغيير واحد غير محفوظ" : `تغييرات غير محفوظة: ${count}`),
    restart: "تتطلب بعض التغييرات إعادة التشغيل. تتوقف الأفلام الجارية أثناءها بضع ثوانٍ.",
    restartNow: "أعد التشغيل الآن",
    restarting: "جارٍ إعادة تشغيل Upreel…",
    newAddress: "إن لم تعد هذه الصفحة بعد ذلك فستجدها هنا:",
    origins: {
      environment: "متغير بيئة",
      dashboard: "ضُبط هنا",
      file: "من upreel.json",
      default: "الافتراضي",
    },
    waiting: "حُفظ · يتطلب إعادة التشغيل",
    needsRestart: "يتطلب إعادة التشغيل",
    nextFilm: "يسري من الفيلم التالي",
    takes: (expected) => `المقبول: ${expected}.`,
    wrong: (expected, got) => `المتوقع: ${expected}؛ والمُدخَل: «${got}»`,
    isSet: "مضبوط",
    isNotSet: "غير مضبوط",
    language: "اللغة",
    languageText: "لهذه الصفحات، في هذا المتصفح.",
    languageAuto: "كالمتصفح",
    titles: arabicSettingTitles,
    descriptions: arabicSettingTexts,
    expected: arabicExpected,
  },

  logs: {
    title: "السجل",
    level: "اعرض",
    levels: {
      error: "الأخطاء فقط",
      warn: "الأخطاء والتحذيرات",
      info: "الأخطاء والتحذيرات والملاحظات",
      debug: "كل شيء بتفاصيله",
    },
    filter: "ابحث في السجل",
    empty: "لا سطر يطابق البحث.",
  },
};
