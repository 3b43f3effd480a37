// The letters a workspace is known by where there is no room for its name.

const initial = (word: string) => Array.from(word)[0] ?? "";

/** What may stand for a name, the plainest first. */
function* candidates(name: string): Generator<string> {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const first = initial(words[0] ?? name.trim());
  yield first;
  for (const word of words.slice(1).reverse()) yield first + initial(word);
  for (const letter of Array.from(words.join("")).slice(1)) yield first + letter;
  for (let number = 2; ; number += 1) yield first + number;
}

/** Letters for each name, no two the same. */
export function monograms(names: string[]): Map<string, string> {
  const taken = new Set<string>();
  const letters = new Map<string, string>();
  // Names that share a first letter are told apart by more of them, all of them.
  const firsts = names.map((name) => candidates(name).next().value?.toUpperCase());
  names.forEach((name, index) => {
    const shared = firsts.filter((first) => first === firsts[index]).length > 1;
    for (const candidate of candidates(name)) {
      const letter = candidate.toUpperCase();
      if (taken.has(letter) || (shared && Array.from(candidate).length < 2)) continue;
      taken.add(letter);
      letters.set(name, letter);
      break;
    }
  });
  return letters;
}

/** The letter of a name that stands by itself. */
export const monogramOf = (name: string): string => initial(name.trim()).toUpperCase() || "?";
