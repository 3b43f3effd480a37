// The preview is a page of its own origin: it talks to the app by its secret path, never by IPC.

export type Mode = "modal" | "inline" | "hosted";

export interface Token {
  entryId: string;
  expiresAtMs: number;
  lifetimeMs: number;
  elapsedMs: number;
  own: boolean;
  opened: boolean;
}

export interface State {
  workspaceName: string;
  workflowName: string;
  demo: boolean;
  lang: string | null;
  hostUrl: string;
  hostOrigin: string;
  hosted: boolean;
  allowedHosts: string[];
  nowMs: number;
  token: Token | null;
}

export interface Problem {
  code: string;
  title: string;
  detail: string;
  hint: string;
}

export type Opening = { what: "page"; mode: Mode; lang: string | null } | { what: "link"; id: number };

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

const gone: Problem = {
  code: "preview_gone",
  title: "TokenDesk does not answer",
  detail: "This preview has lost its connection to the app.",
  hint: "Close this window and open the preview again.",
};

async function call(path: string, body?: unknown): Promise<Response> {
  const request: RequestInit =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(`./api/${path}`, request);
  } catch {
    throw new Refused(gone);
  }
  if (response.ok) return response;
  const answer = (await response.json().catch(() => null)) as { error?: Problem } | null;
  throw new Refused(answer?.error ?? { ...gone, detail: `The app answered with HTTP ${response.status}.` });
}

const asState = (response: Response) => response.json() as Promise<State>;

export const readState = () => call("state").then(asState);
export const newToken = () => call("token", {}).then(asState);
export const open = (opening: Opening) => call("open", opening).then(asState);
export const opened = (entryId: string) => call("opened", { entryId }).then(() => undefined);
export const allowHost = (host: string) => call("allow-host", { host }).then(() => undefined);

export const problemOf = (error: unknown): Problem => (error instanceof Refused ? error.problem : gone);
