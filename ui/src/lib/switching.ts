// Finding a workspace by what is typed of its name.

const folded = (text: string) => text.normalize("NFKC").toLowerCase();

/** The first name that begins with what is typed, else one with a word that does; -1 where none does. */
export function indexOfTyped(names: string[], typed: string): number {
  const wanted = folded(typed);
  const all = names.map(folded);
  const begins = all.findIndex((name) => name.startsWith(wanted));
  if (begins >= 0) return begins;
  return all.findIndex((name) =>
    name.split(/[^\p{L}\p{N}]+/u).some((_, at, words) => words.slice(at).join(" ").startsWith(wanted)),
  );
}
