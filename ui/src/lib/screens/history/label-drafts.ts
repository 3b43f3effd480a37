// Labels that were typed and not saved, by their entry: another row may be chosen before they are mended.
export interface LabelDraft {
  text: string;
  /** Why it was not saved. */
  fault: string;
}

export const labelDrafts = new Map<string, LabelDraft>();
