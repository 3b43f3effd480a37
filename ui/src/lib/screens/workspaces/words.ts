// What a row says of a workspace.
import { bareHost, dayOf } from "../../format";
import type { Workspace } from "../../host";

export function kindWords(workspace: Workspace): string {
  if (workspace.kind === "demo") return "Built in, simulated on this computer";
  const how = workspace.authKind === "organizationToken" ? "Organization token" : "Key and secret";
  return `${how}, ${bareHost(workspace.apiHost)}`;
}

export interface CredentialWords {
  tone: "good" | "wait" | "bad";
  title: string;
  detail: string;
}

export function credentialWords(workspace: Workspace, now: number): CredentialWords {
  const credential = workspace.credential;
  switch (credential.state) {
    case "present": {
      if (workspace.kind === "demo")
        return { tone: "good", title: "Credential of its own", detail: "Made up at each start" };
      const title = credential.lastFour ? `Ends in ${credential.lastFour}` : "Credential present";
      if (credential.sessionOnly) return { tone: "wait", title, detail: "This session only, in memory" };
      const since = dayOf(credential.since) === dayOf(now) ? "today" : dayOf(credential.since);
      return { tone: "good", title, detail: `Kept in ${credential.keptIn} since ${since}` };
    }
    case "missing":
      return { tone: "bad", title: "No credential", detail: "Enter it to issue tokens" };
    case "loading":
      return { tone: "wait", title: "Waiting for the keychain", detail: "It has not answered yet" };
    case "locked":
      return { tone: "wait", title: "Keychain locked", detail: "Unlock it to use this workspace" };
    case "unavailable":
      return { tone: "bad", title: "No keychain", detail: credential.detail };
  }
}
