// What is remembered of a workspace's form between two starts, in the clear.
import { keepPreference, type KeptInputs } from "../host";
import { app } from "./app.svelte";

const MOST_TABLES = 20;

export const keptInputs = (workspaceId: string): KeptInputs | null =>
  app.preferences?.inputs[workspaceId] ?? null;

export function keepInputs(workspaceId: string, changes: KeptInputs): void {
  if (!app.preferences) return;
  const before = keptInputs(workspaceId);
  const inputs = { ...app.preferences.inputs, [workspaceId]: { ...before, ...changes } };
  app.preferences = { ...app.preferences, inputs };
  void keepPreference("inputs", inputs);
}

/** Forgets all of it, with the ids it holds. */
export function forgetInputs(workspaceId: string): void {
  if (!app.preferences) return;
  const others = Object.entries(app.preferences.inputs).filter(([id]) => id !== workspaceId);
  const inputs = Object.fromEntries(others);
  app.preferences = { ...app.preferences, inputs };
  void keepPreference("inputs", inputs);
}

/** Puts a table before the others that were used. */
export function keepTable(workspaceId: string, table: string): void {
  const others = (keptInputs(workspaceId)?.tables ?? []).filter((other) => other !== table);
  keepInputs(workspaceId, { tables: [table, ...others].slice(0, MOST_TABLES) });
}
