// The only file that may call the host: commands, events and preferences.
import { listen } from "@tauri-apps/api/event";
import { load, type Store } from "@tauri-apps/plugin-store";
import * as raw from "./commands";
import type { AppError, IssueRequest, Theme } from "./types";

export type * from "./types";
export { EXPIRING_MS } from "./types";

function isAppError(value: unknown): value is AppError {
  return typeof value === "object" && value !== null && "code" in value && "title" in value;
}

/** Whatever a command rejected with, as an AppError. */
export function toAppError(reason: unknown): AppError {
  if (isAppError(reason)) return reason;
  return {
    code: "internal",
    title: "Something went wrong in the app",
    detail: reason instanceof Error ? reason.message : String(reason),
    hint: "Try again. If it stays, restart TokenDesk.",
    retryable: true,
    fingerprint: null,
    httpStatus: null,
    apiCode: null,
    field: null,
    retryAfterMs: null,
    entryId: null,
  };
}

type Commands = typeof raw;

function wrap(commands: Commands): Commands {
  const wrapped: Record<string, unknown> = {};
  for (const [name, command] of Object.entries(commands)) {
    wrapped[name] = async (...args: unknown[]) => {
      try {
        return await (command as (...a: unknown[]) => Promise<unknown>)(...args);
      } catch (reason) {
        throw toAppError(reason);
      }
    };
  }
  return wrapped as unknown as Commands;
}

/** Every command; a rejection is always an AppError. */
export const host = wrap(raw);

export type IssuePhase = "authorizing" | "sending";
/** How far a file has come on its way; `total` in bytes where it is known. */
export interface Transfer {
  name: string;
  done: number;
  total: number | null;
}
export interface HostEvents {
  "state-changed": null;
  "history-changed": null;
  "run-checked": { entryId: string; checkedAt: number };
  "issue-phase": { phase: IssuePhase };
  "webhooks-changed": null;
  transfer: Transfer;
}

/** Calls back on an event of the host until the returned function is called. */
export function onEvent<Name extends keyof HostEvents>(
  name: Name,
  callback: (payload: HostEvents[Name]) => void,
): () => void {
  let stopped = false;
  let stop: (() => void) | undefined;
  void listen<HostEvents[Name]>(name, (event) => callback(event.payload)).then((unlisten) => {
    if (stopped) unlisten();
    else stop = unlisten;
  });
  return () => {
    stopped = true;
    stop?.();
  };
}

export type Screen = "issue" | "runs" | "history" | "webhooks" | "workspaces" | "settings";
/** Inputs of the form that may be kept in the clear: no subject, no label, no parameters. */
export type KeptInputs = Partial<
  Pick<IssueRequest, "api" | "kind" | "workflowId" | "parametersId" | "lang" | "minutes">
> & {
  /** Ids of the tables that were used, the last one first. */
  tables?: string[];
};
export interface Preferences {
  theme: Theme;
  screen: Screen;
  inputs: Record<string, KeptInputs>;
  workspaceId: string | null;
  /** Its name, shown until the database says what is there. */
  workspaceName: string | null;
  bannerDismissed: boolean;
}

const DEFAULTS: Preferences = {
  theme: "system",
  screen: "issue",
  inputs: {},
  workspaceId: null,
  workspaceName: null,
  bannerDismissed: false,
};
let store: Promise<Store> | undefined;
const opened = () => (store ??= load("preferences.json", { autoSave: 200, defaults: {} }));

/** What may be lost without harm; defaults where it cannot be read. */
export async function readPreferences(): Promise<Preferences> {
  try {
    const kept = await opened();
    const found: Record<string, unknown> = {};
    for (const key of Object.keys(DEFAULTS)) {
      const value = await kept.get(key);
      if (value !== undefined && value !== null) found[key] = value;
    }
    return { ...DEFAULTS, ...found };
  } catch {
    return { ...DEFAULTS };
  }
}

export async function keepPreference<Key extends keyof Preferences>(key: Key, value: Preferences[Key]) {
  try {
    await (await opened()).set(key, value);
  } catch {
    // A preference is not worth a message.
  }
}
