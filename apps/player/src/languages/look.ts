/** Of the menu of looks. */
export const englishLook = {
  quality: "Quality",
  asLineAllows: "As the connection allows",
  title: "Look",
  presets: "Looks",
  preset: {
    film: "As it is",
    vivid: "Vivid",
    crisp: "Crisp",
    soft: "Soft",
    warm: "Warm",
    cool: "Cool",
    night: "Night",
  },
  part: {
    brightness: "Brightness",
    contrast: "Contrast",
    saturation: "Colour",
    warmth: "Warmth",
    sharpen: "Sharpness",
  },
};

export const germanLook: typeof englishLook = {
  quality: "Qualität",
  asLineAllows: "Wie die Verbindung es erlaubt",
  title: "Bildstil",
  presets: "Bildstile",
  preset: {
    film: "Wie der Film",
    vivid: "Kräftig",
    crisp: "Scharf",
    soft: "Weich",
    warm: "Wärmer",
    cool: "Kühler",
    night: "Nacht",
  },
  part: {
    brightness: "Helligkeit",
    contrast: "Kontrast",
    saturation: "Farbe",
    warmth: "Wärme",
    sharpen: "Schärfe",
  },
};
