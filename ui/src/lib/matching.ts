// What a text that is typed means among options: a search is not yet a choice.
export interface Option {
  value: string;
  name: string;
  readonly note: string;
}

const plain = (text: string) => text.trim().toLowerCase();

/** The options that have a text in their name or value; all of them for none. */
export function matching<Of extends Option>(text: string, options: Of[]): Of[] {
  const needle = plain(text);
  if (!needle) return options;
  return options.filter((o) => plain(o.name).includes(needle) || plain(o.value).includes(needle));
}

/** The option whose name or value a text is. */
export function named<Of extends Option>(text: string, options: Of[]): Of | undefined {
  const needle = plain(text);
  return options.find((o) => plain(o.name) === needle) ?? options.find((o) => plain(o.value) === needle);
}

/** The option that a text means once it is left: the one it names, or the only one that has it. */
export function meant<Of extends Option>(text: string, options: Of[]): Of | undefined {
  const found = named(text, options);
  if (found || !plain(text)) return found;
  const all = matching(text, options);
  return all.length === 1 ? all[0] : undefined;
}
