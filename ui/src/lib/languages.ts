// The languages that are offered wherever one is chosen: in the form, for the text for a customer, in the preview.
const CODES = [
  "en",
  "pl",
  "de",
  "fr",
  "uk",
  "es",
  "it",
  "cs",
  "sk",
  "ro",
  "lt",
  "nl",
  "pt",
  "hu",
  "bg",
  "el",
  "sv",
];

const english = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/** A code as it is written in JavaScript, where both pt-BR and pt_BR are met. */
const dashed = (code: string) => code.trim().replaceAll("_", "-");

/** The English name; the code itself where there is none. */
export function languageName(code: string): string {
  try {
    return english.of(dashed(code)) ?? code;
  } catch {
    return code;
  }
}

/** What its speakers call it. */
export function ownLanguageName(code: string): string {
  try {
    return new Intl.DisplayNames([dashed(code)], { type: "language" }).of(dashed(code)) ?? code;
  } catch {
    return code;
  }
}

/** Whether a text is the code of a language that is known: "pl", "pt-BR", not "po" and not "Poli". */
export function isLanguage(code: string): boolean {
  try {
    return Intl.getCanonicalLocales(dashed(code)).some((known) => english.of(known) !== undefined);
  } catch {
    return false;
  }
}

/** Whether a text is a code that is not on the list under another spelling: "ee" is Ewe, while "pol" is Polish. */
export const meansItself = (code: string) =>
  isLanguage(code) && !Intl.getCanonicalLocales(dashed(code)).some((known) => CODES.includes(known));

/** For the form. Any other code can be typed. */
export const LANGUAGES = CODES.map((code) => ({ value: code, name: languageName(code), note: code }));

/** By the names of their speakers, with those that are asked for besides. */
export function ownLanguages(...besides: (string | null | undefined)[]): { id: string; name: string }[] {
  const more = besides.filter((code): code is string => Boolean(code) && !CODES.includes(code ?? ""));
  return [...CODES, ...new Set(more)].map((code) => ({ id: code, name: ownLanguageName(code) }));
}
