// What pasting puts around a text: spaces nobody sees, quotes, the words of a header. What stands
// around a text is taken off; what stands inside is named with its place. `core/src/pasted.rs` has
// the same rules, held together by `tests/fixtures/pasted.json`.

// Marks come first in a class: after another character they would be read as combined with it.
const MARKS = String.raw`\u{34f}\u{17b4}-\u{17b5}\u{180b}-\u{180f}`;
const SPACE = String.raw`\t-\r \u{85}\u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}`;
// Emoji end with variation selectors and tags, which therefore stay at the end of a text.
const INVISIBLE =
  String.raw`${MARKS}${SPACE}\0-\x1f\x7f-\x9f\u{ad}\u{61c}\u{115f}\u{1160}\u{200b}-\u{200f}` +
  String.raw`\u{202a}-\u{202e}\u{2060}-\u{206f}\u{3164}\u{feff}\u{ffa0}\u{fff9}-\u{fffb}`;
const UNSEEN = String.raw`\u{fe00}-\u{fe0f}${INVISIBLE}\u{fffd}\u{e0000}-\u{e0fff}`;
const QUOTES = "\"'`´«»‘’‚‛“”„‟′″‹›「」『』〝〞〟＂＇";

const AROUND = new RegExp(`^[${INVISIBLE}]+|[${INVISIBLE}]+$`, "gu");
const QUOTED = new RegExp(`^[${QUOTES}](.*)[${QUOTES}]$`, "su");
const HEADER = new RegExp(`^(?:--header|-H|Authorization|Bearer)[${SPACE}:=]+`, "iu");
const IS_SPACE = new RegExp(`[${SPACE}]`, "u");
const IS_UNSEEN = new RegExp(`[${UNSEEN}]`, "u");
const IS_CONTROL = /\p{Cc}/u;

/** A text without the spaces and the invisible characters around it. */
export const trimmed = (text: string): string => text.replace(AROUND, "");

/** A text without the quotes of any language around it, too. */
export function unquoted(text: string): string {
  const inner = trimmed(text);
  const quoted = QUOTED.exec(inner);
  return quoted ? unquoted(quoted[1] ?? "") : inner;
}

/** A credential by itself: without quotes, and without the header it may have been copied with. */
export function credential(text: string): string {
  const inner = unquoted(text);
  const rest = inner.replace(HEADER, "");
  return rest === inner ? inner : credential(rest);
}

const NAMES: Record<string, string> = {
  "\t": "tab",
  "\n": "line feed",
  "\r": "carriage return",
  " ": "space",
  "\u{a0}": "no-break space",
  "\u{ad}": "soft hyphen",
  "\u{200b}": "zero width space",
  "\u{200c}": "zero width non-joiner",
  "\u{200d}": "zero width joiner",
  "\u{200e}": "left-to-right mark",
  "\u{200f}": "right-to-left mark",
  "\u{2028}": "line separator",
  "\u{2029}": "paragraph separator",
  "\u{202f}": "narrow no-break space",
  "\u{2060}": "word joiner",
  "\u{3000}": "ideographic space",
  "\u{feff}": "byte order mark",
  "\u{fffd}": "replacement character",
  '"': "quotation mark",
  "'": "apostrophe",
  "`": "backtick",
};

function nameOf(character: string): string {
  const name = NAMES[character];
  if (name) return name;
  if (/[\u{61c}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u.test(character)) return "direction mark";
  if (/[\u{fe00}-\u{fe0f}]/u.test(character)) return "variation selector";
  if (IS_CONTROL.test(character)) return "control character";
  if (IS_SPACE.test(character)) return "space of another width";
  if (IS_UNSEEN.test(character)) return "invisible character";
  return QUOTES.includes(character) ? "quotation mark" : `“${character}”`;
}

function firstOf(whole: string, part: string, odd: (character: string, end: boolean) => boolean) {
  const characters = Array.from(part);
  const at = characters.findIndex((c, index) => odd(c, index === 0 || index === characters.length - 1));
  const character = characters[at];
  if (character === undefined) return null;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const before = Array.from(whole.slice(0, whole.indexOf(part))).length;
  return `U+${code} ${nameOf(character)} at position ${before + at + 1}`;
}

/** The first character that nobody sees, or a quote at an end; `part` is what is left of `whole`. */
export const oddCharacter = (whole: string, part: string): string | null =>
  firstOf(whole, part, (c, end) => IS_UNSEEN.test(c) || (end && QUOTES.includes(c)));

/** The same, or else the first character that is no visible ASCII. */
export const nonAsciiCharacter = (whole: string, part: string): string | null =>
  oddCharacter(whole, part) ?? firstOf(whole, part, (c) => !/[!-~]/.test(c));
