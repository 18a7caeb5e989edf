/** What a template left that has no one meaning: where, under which key, and what it is. */
export interface TemplateFault {
  readonly position: number;
  readonly key: string | undefined;
  readonly kind: "bare" | "quote" | "name" | "structure";
}

export type TemplateRepair = { readonly text: string } | { readonly fault: TemplateFault };

/** What JSON allows without quotes. */
const LITERAL = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/;
/** An id, a date, a number with leading zeros: what variables without quotes give. */
const WORD = /^([0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|\d[\w.:+-]*)$/i;

/**
 * Turns what the webhook plugin's templates render into JSON, where only one reading is possible:
 * `True`, a missing value (`"a":,`), `\&quot;`, other escapes that JSON does not know, line breaks and
 * quotes inside a text, ids and dates without quotes. Call it only for what JSON.parse refuses.
 */
export function repairTemplate(body: string): TemplateRepair {
  let out = "";
  let at = 0;
  let key: string | undefined;
  let isAfterText = false;
  /** A bracket was opened just now: it may be closed at once. */
  let isOpened = false;
  const open: ("{" | "[")[] = [];
  let expects: "key" | "colon" | "value" | "comma" = "value";
  const fault = (kind: TemplateFault["kind"]): TemplateRepair => ({
    fault: { position: at, key, kind },
  });

  while (at < body.length) {
    const char = body.charAt(at);
    if (/\s/.test(char)) {
      out += char;
      at += 1;
      continue;
    }
    const wasOpened = isOpened;
    isOpened = char === "{" || char === "[";
    if (char === '"') {
      if (expects === "colon" || expects === "comma") return fault("quote");
      const text = readText(body, at);
      if (text === undefined) return fault("quote");
      if (expects === "key") key = text.content;
      out += JSON.stringify(text.content);
      at = text.end;
      isAfterText = expects === "value";
      expects = expects === "key" ? "colon" : "comma";
    } else if (char === "{" || char === "[") {
      if (expects !== "value") return fault("structure");
      open.push(char);
      out += char;
      at += 1;
      expects = char === "{" ? "key" : "value";
    } else if (char === ":") {
      if (expects !== "colon") return fault("structure");
      out += char;
      at += 1;
      expects = "value";
    } else if (char === "," || char === "}" || char === "]") {
      // `"a":,` is a variable without a value; `[,` and a key without a colon are not.
      if (expects === "value" && open.at(-1) === "{") out += "null";
      else if (expects !== "comma" && !wasOpened) return fault("structure");
      if (char === ",") expects = open.at(-1) === "{" ? "key" : "value";
      else {
        if (open.pop() !== (char === "}" ? "{" : "[")) return fault("structure");
        expects = "comma";
      }
      out += char;
      at += 1;
    } else {
      if (expects !== "value") return fault(expects === "key" && !isAfterText ? "name" : "quote");
      const [run = ""] = /^[^,}\]\n"]*/.exec(body.slice(at)) ?? [];
      const word = run.trim();
      if (LITERAL.test(word)) out += word;
      else if (word === "True" || word === "False") out += word.toLowerCase();
      else if (WORD.test(word)) out += JSON.stringify(word);
      else return fault("bare");
      at += run.length;
      isAfterText = false;
      expects = "comma";
    }
  }
  return open.length === 0 && expects === "comma" ? { text: out } : fault("structure");
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** The text that opens at `start`, and where it ends; `undefined` when it never does. */
function readText(body: string, start: number): { content: string; end: number } | undefined {
  let content = "";
  let at = start + 1;
  while (at < body.length) {
    const char = body.charAt(at);
    if (char === '"') {
      // In JSON a text is followed by one of these; any other quote is part of the text.
      if (/^"\s*([,:}\]]|$)/.test(body.slice(at, at + 200))) return { content, end: at + 1 };
      content += char;
      at += 1;
      continue;
    }
    if (char !== "\\") {
      content += char;
      at += 1;
      continue;
    }
    const rest = body.slice(at + 1, at + 7);
    const unicode = /^u([0-9a-f]{4})/i.exec(rest)?.[1];
    const known = ESCAPES[rest.charAt(0)];
    if (rest.startsWith("&quot;")) {
      // The plugin escaped a quote for JSON, then the template did for HTML.
      content += '"';
      at += 7;
    } else if (unicode !== undefined) {
      content += String.fromCharCode(Number.parseInt(unicode, 16));
      at += 6;
    } else if (known !== undefined) {
      content += known;
      at += 2;
    } else {
      content += "\\";
      at += 1;
    }
  }
  return undefined;
}
