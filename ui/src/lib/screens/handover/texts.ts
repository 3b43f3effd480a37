// The text for the customer, in the customer's language and with the end in the customer's time zone.
import { isDate, isLikelyDate } from "../../format";
import { languageName, ownLanguageName } from "../../languages";
import type { HistoryEntry } from "../../host";

/** What the host puts the link in place of, so that this window never holds it. */
export const LINK = "{link}";

interface Words {
  greeting: string;
  ask: string;
  /** The end, at `{time}`. Left out where nobody promises one. */
  until: string;
  keep: string;
  thanks: string;
}

const WORDS: Record<string, Words> = {
  en: {
    greeting: "Hello,",
    ask: "please complete your verification with this personal link:",
    until: "You can use it until {time}.",
    keep: "The link is for you only. Please do not pass it on.",
    thanks: "Thank you.",
  },
  pl: {
    greeting: "Dzień dobry,",
    ask: "prosimy o dokończenie weryfikacji pod tym osobistym linkiem:",
    until: "Link działa do: {time}.",
    keep: "Link jest przeznaczony wyłącznie dla Państwa. Prosimy go nie udostępniać.",
    thanks: "Dziękujemy.",
  },
  de: {
    greeting: "Guten Tag,",
    ask: "bitte schließen Sie Ihre Verifizierung über diesen persönlichen Link ab:",
    until: "Der Link gilt bis {time}.",
    keep: "Der Link ist nur für Sie bestimmt. Bitte geben Sie ihn nicht weiter.",
    thanks: "Vielen Dank.",
  },
  fr: {
    greeting: "Bonjour,",
    ask: "veuillez terminer votre vérification à l’aide de ce lien personnel :",
    until: "Vous pouvez l’utiliser jusqu’au {time}.",
    keep: "Ce lien vous est strictement personnel. Merci de ne pas le transmettre.",
    thanks: "Merci.",
  },
  es: {
    greeting: "Hola:",
    ask: "complete su verificación con este enlace personal:",
    until: "Puede utilizarlo hasta el {time}.",
    keep: "El enlace es solo para usted. Por favor, no lo comparta.",
    thanks: "Gracias.",
  },
  it: {
    greeting: "Buongiorno,",
    ask: "La preghiamo di completare la verifica con questo link personale:",
    until: "Può utilizzarlo fino a {time}.",
    keep: "Il link è riservato a Lei. La preghiamo di non inoltrarlo.",
    thanks: "Grazie.",
  },
  uk: {
    greeting: "Добрий день!",
    ask: "Будь ласка, завершіть перевірку за цим особистим посиланням:",
    until: "Посилання діє до: {time}.",
    keep: "Посилання призначене лише для вас. Будь ласка, не передавайте його іншим.",
    thanks: "Дякуємо.",
  },
  cs: {
    greeting: "Dobrý den,",
    ask: "dokončete prosím své ověření prostřednictvím tohoto osobního odkazu:",
    until: "Odkaz platí do: {time}.",
    keep: "Odkaz je určen pouze vám. Nikomu ho prosím nepředávejte.",
    thanks: "Děkujeme.",
  },
  lt: {
    greeting: "Laba diena,",
    ask: "prašome užbaigti patvirtinimą naudojantis šia asmenine nuoroda:",
    until: "Nuoroda galioja iki: {time}.",
    keep: "Nuoroda skirta tik jums. Prašome jos neperduoti kitiems.",
    thanks: "Ačiū.",
  },
  ro: {
    greeting: "Bună ziua,",
    ask: "vă rugăm să finalizați verificarea folosind acest link personal:",
    until: "Îl puteți folosi până la: {time}.",
    keep: "Linkul este doar pentru dumneavoastră. Vă rugăm să nu îl transmiteți mai departe.",
    thanks: "Vă mulțumim.",
  },
};

export const LANGUAGES = Object.keys(WORDS).map((code) => ({
  value: code,
  name: languageName(code),
  own: ownLanguageName(code),
}));

/** The language of an entry where there are words in it, else of this computer, else English. */
export function languageFor(entry: Pick<HistoryEntry, "lang">, system: readonly string[]): string {
  for (const wanted of [entry.lang ?? "", ...system]) {
    const code = wanted.toLowerCase().split(/[-_]/)[0] ?? "";
    if (Object.hasOwn(WORDS, code)) return code;
  }
  return "en";
}

/**
 * When the way in ends, as far as somebody said so: an end that is only assumed is no promise to make.
 * A run that ends before its token takes the way in with it.
 */
export function promisedEnd(entry: Pick<HistoryEntry, "expiresAt" | "expirySource" | "run">): number | null {
  if (entry.expiresAt === null || entry.expirySource === "assumed") return null;
  const end = Math.min(entry.expiresAt, entry.run?.endsAt ?? Infinity);
  // Nobody is promised the year 57876.
  return isLikelyDate(end) ? end : null;
}

/** An instant as it is written in a language, with its zone's name. English is written as in Europe. */
export function inWords(at: number, language: string, timeZone: string): string {
  if (!isDate(at)) return String(at);
  const locale = language === "en" ? "en-GB" : language;
  const when = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short", timeZone }).format(
    at,
  );
  const zone = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "long" })
    .formatToParts(at)
    .find((part) => part.type === "timeZoneName")?.value;
  return zone ? `${when} (${zone})` : when;
}

export function textFor(entry: HistoryEntry, language: string, timeZone: string): string {
  const words = WORDS[language] ?? WORDS.en;
  if (!words) return LINK;
  const end = promisedEnd(entry);
  const until = end === null ? [] : [words.until.replace("{time}", () => inWords(end, language, timeZone))];
  return [
    words.greeting,
    "",
    words.ask,
    LINK,
    "",
    [...until, words.keep].join(" "),
    "",
    words.thanks,
    "",
  ].join("\n");
}
