import type { Strings } from "../en.ts";

/** What the gateway says about a film, in Arabic. */
export const arabicTold: Strings["told"] = {
  rung_speed: "الجودة «{model}»: يرفع هذا الحاسوب دقة الفيلم بسرعة {speed}× من سرعة العرض تقريبًا.",
  rung_not_measured: "الجودة «{model}»: لم تُقَس على هذا الحاسوب بعد.",
  rung_untried: "لم يُجرَّب على هذا المعالج بعد، أو فشلت التجربة.",
  rung_asked_for: "اخترت هذا النموذج بنفسك.",
  rung_set_for_film: "هو المحدد للأفلام المصوَّرة.",
  rung_set_for_animation: "هو المحدد للرسوم المتحركة.",
  rung_made_for_film: "صُنع للأفلام المصوَّرة.",
  rung_made_for_animation: "صُنع للرسوم المتحركة.",
  rung_no_model: "لا يمكن استخدام أي نموذج هنا: تُكبَّر الصورة فقط.",
  rung_none_fast: "لا نموذج سريع بما يكفي هنا: تُكبَّر الصورة فقط.",
  rung_best_live: "هو أفضل نموذج سريع بما يكفي للمشاهدة المباشرة.",
  rung_not_live: "لا يمكن مشاهدته مباشرة بعد.",
  rung_removes_blocks: "ترميز الفيلم يترك مربعات ظاهرة، وهذا النموذج يزيلها.",
  rung_faces: "تُرمَّم الوجوه، نحو {seconds} ث لكل وجه: نحو {speed} ضعف سرعة الفيلم.",
  rung_faces_later:
    "لا تُرمَّم الوجوه أثناء المشاهدة: ستكون السرعة {speed} ضعف سرعة الفيلم. تُرمَّم حين لا ينتظر أحد الفيلم.",
  rung_faces_missing: "لا يمكن ترميم الوجوه: {reason}",
  rung_better_slow: "النموذج الأفضل «{model}» كان بطيئًا جدًا.",
  rung_failed: "فشل {model} على {provider}: {reason}",
  advice_ready: "الفيلم جاهز.",
  advice_live: "تُرفع دقته بسرعة {speed}× من سرعة العرض.",
  advice_enough: "رُفعت دقة ما يكفي منه، وإن كان بسرعة {speed}× فقط من سرعة العرض.",
  advice_slow:
    "أبطأ من أن يُشاهَد مباشرة: يرفع هذا الحاسوب دقته بسرعة {speed}× من سرعة العرض، وسيتوقف بعد {seconds} ث تقريبًا. حين يصبح جاهزًا يُعرَض دون انقطاع.",
  advice_too_slow: "هذا الحاسوب أبطأ من أن يعرض هذا الفيلم.",
  advice_should_live: "يُتوقع أن تُرفع دقته بسرعة {speed}× من سرعة العرض.",
  advice_should_slow:
    "أبطأ من أن يُشاهَد مباشرة: يُتوقع أن يرفع هذا الحاسوب دقته بسرعة {speed}× من سرعة العرض. حين يصبح جاهزًا يُعرَض دون انقطاع.",
  track_pictures: "هذه الترجمة صور ({codec}) وليست نصًا",
  track_unknown: "لا يستطيع ffmpeg تحويل {codec} إلى نص",
  track_growing: "ما زال الفيلم قيد التسجيل: يتوفر هذا عند اكتماله",
  badge_unreadable: "تعذّرت قراءة الملف كفيلم",
  badge_fills_screen: "يملأ الشاشة بالفعل (TARGET_HEIGHT)",
  badge_no_model: "لا يعمل أي نموذج على هذا الحاسوب",
  held_up_source: "قراءة الفيلم هي ما يبطئ: يفيد قرص أسرع أو شبكة أسرع للفيلم.",
  held_up_decode: "فك الترميز هو ما يبطئ: يفيد معالج أسرع أو فيلم أصغر.",
  held_up_network: "النموذج هو ما يبطئ: يفيد نموذج أصغر (MODEL) أو بطاقة رسوم (PROVIDERS).",
  held_up_encode:
    "الترميز هو ما يبطئ: يفيد مرمِّز عتادي (VIDEO_ENCODER) أو صورة أصغر (TARGET_HEIGHT).",
  held_up_disk: "الكتابة هي ما يبطئ: يفيد قرص أسرع لمجلد البيانات.",
};
