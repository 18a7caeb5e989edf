import type { Strings } from "../en.ts";
import type { PartOf } from "../merge.ts";

const films = (count: number): string => {
  if (count === 0) return "لا أفلام";
  if (count === 1) return "فيلم واحد";
  if (count === 2) return "فيلمان";
  const rest = count % 100;
  return rest >= 3 && rest <= 10 ? `${count} أفلام` : `${count} فيلمًا`;
};

/** The shelf, the jobs, and the choice of a film, in Arabic. */
export const arabicFilms: PartOf<Pick<Strings, "films" | "streams" | "picker" | "choices">> = {
  films: {
    title: "الأفلام",
    search: "ابحث في الأفلام",
    filter: "عرض",
    filters: { all: "كل الأفلام", ready: "الجاهزة", upscaling: "قيد التحسين" },
    sort: "ترتيب",
    sorts: {
      title: "حسب العنوان",
      added: "الأحدث أولًا",
      year: "حسب السنة",
      length: "الأطول أولًا",
      size: "أكبر صورة أولًا",
    },
    watched: "تابع المشاهدة",
    added: "أُضيف حديثًا",
    folders: "المجلدات",
    up: "رجوع",
    count: films,
    scanning: "يبحث عن المزيد…",
    more: "عرض المزيد",
    noneMatch: "لا يوجد فيلم مطابق.",
    emptyTitle: "لا أفلام بعد",
    emptyText: "لا يوجد فيلم في مجلدات أفلامك (MEDIA_ROOTS).",
    noRoots: "لم يُحدَّد مجلد أفلام. شغِّل Upreel مع MEDIA_ROOTS=/path/to/films.",
    unreadable: (folders) =>
      `تعذّرت قراءة مجلد الأفلام هذا: ${folders}. تحقّق من MEDIA_ROOTS أو وصِّل قرصه.`,
    badges: {
      ready: "جاهز",
      live: "مباشرةً الآن",
      upscaling: (share) => `قيد التحسين، ${share}`,
      waiting: "في الانتظار",
      paused: (share) => `متوقف عند ${share}`,
      later: (time) => `جاهز خلال ${time}`,
      laterHint: "أبطأ من أن يُشاهَد مباشرةً على هذا الحاسوب: يُحسَّن مسبقًا",
      tooSlow: "أبطأ من أن يُشاهَد مباشرةً",
      original: "يُنصح بالأصلي",
      failed: "لا يمكن تحسينه",
    },
  },

  streams: {
    title: "المهام",
    summary: (running, waiting, finished, failed) => [
      `قيد التحسين: ${running}`,
      ...(waiting > 0 ? [`في الانتظار: ${waiting}`] : []),
      `جاهز: ${finished}`,
      ...(failed > 0 ? [`فشل: ${failed}`] : []),
    ],
    start: "اختر فيلمًا",
    notes: {
      off: "نبِّهني",
      on: "التنبيهات مفعَّلة",
      hint: "يعرض هذا المتصفح تنبيهًا حين يصبح فيلم جاهزًا، ما دام Upreel مفتوحًا في علامة تبويب",
      denied: "يحظر هذا المتصفح تنبيهات Upreel. اسمح بها في إعداداته لهذا العنوان.",
      unavailable:
        "لا يعرض هذا المتصفح التنبيهات إلا عبر https أو على الحاسوب الذي يعمل عليه Upreel. لتصل إلى هاتفك أضف مستقبِلًا في الإعدادات ← الإشعارات.",
      ready: (title) => `${title} جاهز`,
      readyText: "يمكن مشاهدة الفيلم المحسَّن الآن.",
    },
    emptyTitle: "لا أفلام بعد",
    emptyText: "اختر فيلمًا وشاهده أثناء تحسينه. أو ابدأ واحدًا من الطرفية:",
    filter: "تصفية حسب العنوان",
    noneMatch: "لا عنوان مطابق.",
    play: "تشغيل",
    pause: "إيقاف مؤقت",
    resume: "استئناف",
    again: "ابدأ من جديد",
    cancel: "إلغاء",
    front: "إلى المقدمة",
    move: (title) => `نقل ${title}`,
    moveHint: "اسحب لتغيير الترتيب. بلوحة المفاتيح: Enter ثم الأسهم ثم Enter",
    moved: (title, place, count) => `${title}: الموضع ${place} من ${count}`,
    choose: {
      several: "اختيار",
      film: (title) => `اختيار ${title}`,
      bar: "الأفلام المختارة",
      count: (count) => (count === 0 ? "لم يُختر شيء" : `اختير ${films(count)}`),
      all: "اختيار الكل",
      done: "تم",
    },
    pin: "حماية من التنظيف",
    unpin: "إلغاء الحماية",
    pinned: "محمي",
    pinnedHint: "لا يُحذف أبدًا لإفساح المجال لأفلام أخرى",
    remove: "حذف",
    removeTitle: (title) => `حذف «${title}»؟`,
    removeText: "سيُحذف الجزء المُحسَّن. لن يُمس الفيلم الأصلي.",
    removeFinished: "سيُحذف الفيلم المُحسَّن. لن يُمس الفيلم الأصلي.",
    removeSeveral: (count) => `حذف ${films(count)}؟`,
    removeSeveralText: "سيُحذف كل ما حُسِّن منها. لن تُمس الأفلام الأصلية.",
    details: (title) => `تفاصيل ${title}`,
    ready: (at, total) => `${at} من ${total} جاهز`,
    lead: "الجاهز أمامك",
    leadOf: (lead) => `${lead} أمامك`,
    filmSpeed: (factor) => `${factor} من سرعة الفيلم`,
    tooSlow: (speed) => `${speed} (أبطأ من المشاهدة المباشرة)`,
    left: (time) => `بقي ${time}`,
    progress: (title) => `${title}: ما حُسِّن حتى الآن`,
    state: "الحالة",
    done: "المنجز",
    speed: "السرعة",
    fps: "إطارات في الثانية",
    picture: "الصورة",
    model: "النموذج",
    modelOn: (model, provider) => `${model} على ${provider}`,
    eta: "الوقت المتبقي",
    expected: (speed) => `المتوقع نحو ${speed}`,
    download: "تنزيل",
    export: "حفظ مع كل المسارات الصوتية والترجمات",
    exported: (file) => `حُفظ على الخادم باسم ${file}.`,
    elsewhere: "في مشغّل آخر",
  },

  picker: {
    roots: "مجلدات أفلامك",
    up: "إلى الأعلى",
    filter: "تصفية حسب الاسم",
    empty: "لا يوجد فيلم في هذا المجلد.",
  },

  choices: {
    title: "كيف تُرفع دقته",
    names: {
      auto: "تلقائي: أفضل ما هو سريع بما يكفي",
      fast: "سريع",
      balanced: "متوازن",
      best: "الأفضل",
    },
    live: "يمكن مشاهدته الآن",
    notLive: "أبطأ من أن يُشاهَد مباشرةً: يُحسَّن مسبقًا",
    notMeasured: "لم يُقَس على هذا الحاسوب بعد",
    takes: (time) => `يستغرق ${time}`,
    start: "ابدأ",
    back: "رجوع",
  },
};
