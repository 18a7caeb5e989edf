import type { Strings } from "./en.ts";
import type { PartOf } from "./merge.ts";
import { arabicErrors } from "./ar/errors.ts";
import { arabicFilms } from "./ar/films.ts";
import { arabicModels } from "./ar/models.ts";
import { arabicPlugins } from "./ar/plugins.ts";
import { arabicSettings } from "./ar/settings.ts";
import { arabicSystem } from "./ar/system.ts";
import { arabicTold } from "./ar/told.ts";
import { arabicWatch } from "./ar/watch.ts";
import { arabicWebhooks } from "./ar/webhooks.ts";

/** The pages in Arabic, but for what the doctor found, and part of the page that compares. */
export const arabic: PartOf<Strings> = {
  close: "إغلاق",
  cancel: "إلغاء",
  retry: "حاول مرة أخرى",
  copy: "نسخ",
  copied: "نُسخ",
  copyByHand: "حدِّد النص",
  loading: "جارٍ التحميل",
  units: { second: "ث", minute: "د", hour: "س" },

  errors: {
    offline: "Upreel لا يستجيب.",
    status: (status) => `أجاب Upreel بخطأ (HTTP ${status}).`,
    details: "التفاصيل",
    codes: {
      unauthorized: "هذا يتطلب رمز API.",
      stream_not_found: "هذا الفيلم غير موجود هنا.",
      source_missing: "ملف الفيلم غير موجود.",
      source_unreadable: "تعذّرت قراءة ملف الفيلم.",
      source_unavailable: "قرص هذا الفيلم لا يستجيب الآن.",
      source_no_video: "لا يوجد فيلم في هذا الملف.",
      source_too_large: "هذا الفيلم كبير بما يكفي بالفعل.",
      disk_full: "القرص ممتلئ.",
      queue_full: "أفلام كثيرة في الانتظار.",
      cannot_hold: "هذا الحاسوب أبطأ من أن يعرض هذا الفيلم مباشرةً.",
      timeout: "استغرق ذلك وقتًا طويلًا.",
      ...arabicErrors,
    },
    expected: (what) => `المتوقع: ${what}.`,
    got: (what) => `الواقع: ${what}.`,
  },

  told: arabicTold,

  connection: { lost: "Upreel لا يستجيب. جارٍ إعادة الاتصال…" },

  token: {
    title: "أدخل رمز API",
    text: "عرضه Upreel عند تشغيله أول مرة، أو ضُبط في API_TOKEN. سيتذكره هذا المتصفح. ومن يمسح رمز «المشاهدة على جهاز آخر» لا يحتاج إليه.",
    label: "رمز API",
    use: "متابعة",
    wrong: "هذا الرمز غير صحيح.",
  },

  device: {
    title: "المشاهدة على جهاز آخر",
    code: "رمز QR للعنوان",
    scan: "وجِّه كاميرا الهاتف إلى هذا الرمز.",
    type: "أو اكتب هذا العنوان في متصفح الجهاز، التلفاز مثلًا. يجب أن يكون على الشبكة نفسها.",
    typeHome:
      "أو افتح هذا العنوان في متصفح الجهاز، التلفاز مثلًا، واختر الفيلم هناك. يجب أن يكون على الشبكة نفسها.",
    hasToken: "يحتوي الرمز على رمز API الخاص بك: لا تُره إلا لمن تثق به.",
    closed: "لا يصل إلى Upreel الآن سوى هذا الحاسوب. أوقفه ثم شغِّله هكذا لتصل إليه الأجهزة الأخرى:",
    closedText: "سيعرض العنوان ورمز API يمنع الآخرين من الدخول.",
  },

  nav: {
    label: "الصفحات",
    films: "الأفلام",
    jobs: "المهام",
    models: "النماذج",
    plugins: "الإضافات",
    system: "النظام",
    settings: "الإعدادات",
    logs: "السجل",
  },

  states: {
    queued: "في الانتظار",
    starting: "يبدأ",
    running: "جارٍ تحسينه",
    paused: "متوقف مؤقتًا",
    idle: "مُحسَّن جزئيًا",
    complete: "جاهز",
    failed: "فشل",
    cancelled: "أُلغي",
  },
  originalOnly: "الأصلي",
  enlarged: "جاهز، مكبَّر فقط",
  enlargedHint: "أُنشئ من دون نموذج: الصورة أكبر، لكنها ليست أوضح.",
  finishing: "اللمسات الأخيرة",
  finishingHint: "اكتمل تحسينه ويمكن مشاهدته. يُفحص الآن ويُجمَع في ملف واحد.",
  improving: "جارٍ تجويده",
  improvingHint:
    "اكتمل تحسينه ويمكن مشاهدته. تُعاد صناعة الأجزاء التي صنعها نموذج أسرع حين لا يشاهدها أحد ولا ينتظر ما هو أعجل منها.",
  following: "ينتظر بقيته",
  followingHint: "اكتمل تحسين ما كُتب منه ويمكن مشاهدته. ما زال ملفه يُكتب، والبقية تتبع.",

  ...arabicFilms,
  ...arabicModels,
  ...arabicPlugins,
  ...arabicSystem,
  ...arabicSettings,
  ...arabicWatch,
  ...arabicWebhooks,
};
