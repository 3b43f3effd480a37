// What an editor of typed keys and values holds: rows, or the JSON they stand for.
import type { JsonFault } from "./json";
import {
  newRow,
  objectFault,
  placeOf,
  rowFaults,
  rowsOf,
  sentJson,
  shownJson,
  type Row,
  type RowFault,
} from "./typed";

export interface TypedDraft {
  mode: "form" | "json";
  rows: Row[];
  text: string;
  /** Which filling of the editor it is of. */
  filling: number;
}

let fillings = 0;

export class TypedFields {
  mode = $state<"form" | "json">("form");
  rows = $state<Row[]>([]);
  text = $state("");
  /** The text the rows were turned into; while it is not changed, they come back as they were. */
  #turned: string | null = null;
  /** Changes with each filling by `load`, and comes back with a draft of it. */
  #filling = ++fillings;

  faults: Map<number, RowFault> = $derived(this.mode === "form" ? rowFaults(this.rows) : new Map());
  jsonFault: JsonFault | null = $derived(this.mode === "json" ? objectFault(this.text) : null);
  /** The object as JSON text; empty where there is nothing in it. Faulty while `fault` says so. */
  json: string = $derived.by(() => {
    if (this.mode === "form") return sentJson(this.rows);
    const text = this.text.trim();
    return text === "{}" ? "" : text;
  });
  /** In a line, what keeps it from being sent. */
  fault: string | null = $derived.by(() => {
    if (this.jsonFault) return `${this.jsonFault.message} (${placeOf(this.jsonFault)})`;
    const [first] = this.faults.values();
    return first ? (first.key ?? first.value ?? null) : null;
  });
  count = $derived(this.mode === "form" ? this.rows.length : countOf(this.text));

  add(): Row {
    const row = newRow();
    this.rows.push(row);
    return row;
  }

  change(row: Row, changes: Partial<Row>) {
    const found = this.rows.find(({ id }) => id === row.id);
    if (found) Object.assign(found, changes);
  }

  /** Takes a row away; what is returned puts it back, or says why it cannot. */
  remove(row: Row): () => string | null {
    const at = this.rows.findIndex(({ id }) => id === row.id);
    const kept = { ...row };
    const filling = this.#filling;
    this.rows = this.rows.filter(({ id }) => id !== row.id);
    return () => {
      // The same editor may hold what another workspace, preset or entry has filled in since.
      if (this.#filling !== filling) return "Other values stand here now.";
      if (!this.toForm()) return "The JSON has to be mended first.";
      this.rows = [...this.rows.slice(0, at), kept, ...this.rows.slice(at)];
      return null;
    };
  }

  toJson() {
    if (this.mode === "json") return;
    this.text = shownJson(this.rows);
    this.#turned = this.text;
    this.mode = "json";
  }

  /** Back to rows; a text that is no object stays what it is, and in view. */
  toForm(): boolean {
    if (this.mode === "form") return true;
    if (this.text !== this.#turned) {
      const rows = rowsOf(this.text);
      if (!Array.isArray(rows)) return false;
      this.rows = rows;
    }
    this.mode = "form";
    return true;
  }

  /** Takes JSON text over; what is no object is shown as text. */
  load(json: string) {
    const rows = rowsOf(json);
    this.#filling = ++fillings;
    this.#turned = null;
    this.mode = Array.isArray(rows) ? "form" : "json";
    this.rows = Array.isArray(rows) ? rows : [];
    this.text = Array.isArray(rows) ? "" : json;
  }

  draft(): TypedDraft {
    return {
      mode: this.mode,
      rows: $state.snapshot(this.rows),
      text: this.text,
      filling: this.#filling,
    };
  }

  restore(draft: TypedDraft) {
    this.#filling = draft.filling;
    this.#turned = null;
    this.mode = draft.mode;
    this.rows = draft.rows.map((row) => ({ ...row }));
    this.text = draft.text;
  }
}

function countOf(text: string): number {
  const rows = rowsOf(text);
  return Array.isArray(rows) ? rows.length : 0;
}
