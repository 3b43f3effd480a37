// Languages a person is likely to want; any other code can be typed.
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
const names = new Intl.DisplayNames(["en"], { type: "language" });

export const LANGUAGES = CODES.map((code) => ({ value: code, name: names.of(code) ?? code, note: code }));
