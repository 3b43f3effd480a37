// The one table from an error's code to how severe it is and what a person can do.
import type { AppError } from "./host";

export type Severity = "error" | "warning";
export type Remedy =
  | "fix" // correct the input
  | "credential" // open the workspace's credential
  | "retry"
  | "unlock" // try the keychain again, or keep for this session
  | "history" // look at what became of it
  | "none";
export interface Handling {
  severity: Severity;
  remedy: Remedy;
}

const TABLE: Record<string, Handling> = {
  invalid_input: { severity: "error", remedy: "fix" },
  wrong_credentials: { severity: "error", remedy: "credential" },
  unauthorized: { severity: "error", remedy: "credential" },
  forbidden: { severity: "error", remedy: "credential" },
  invalid_request: { severity: "error", remedy: "fix" },
  not_found: { severity: "error", remedy: "fix" },
  rate_limited: { severity: "warning", remedy: "retry" },
  server_error: { severity: "error", remedy: "retry" },
  unavailable: { severity: "warning", remedy: "retry" },
  connect_failed: { severity: "error", remedy: "retry" },
  tls: { severity: "error", remedy: "none" },
  timed_out: { severity: "warning", remedy: "history" },
  connection_lost: { severity: "warning", remedy: "history" },
  malformed_answer: { severity: "error", remedy: "history" },
  not_the_api: { severity: "error", remedy: "none" },
  keychain_unavailable: { severity: "error", remedy: "unlock" },
  keychain_locked: { severity: "warning", remedy: "unlock" },
  keychain_timeout: { severity: "warning", remedy: "unlock" },
  credential_missing: { severity: "error", remedy: "credential" },
  storage: { severity: "error", remedy: "retry" },
  history_key_missing: { severity: "error", remedy: "unlock" },
  history_damaged: { severity: "error", remedy: "unlock" },
  cancelled: { severity: "warning", remedy: "none" },
  demo_starting: { severity: "warning", remedy: "retry" },
  no_such_thing: { severity: "error", remedy: "none" },
  token_gone: { severity: "warning", remedy: "none" },
};

export function handlingOf(error: AppError): Handling {
  return TABLE[error.code] ?? { severity: "error", remedy: error.retryable ? "retry" : "none" };
}

export const KNOWN_CODES = Object.keys(TABLE);

const STATUS_TEXT: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};
export const statusText = (status: number) => `${status} ${STATUS_TEXT[status] ?? ""}`.trim();
