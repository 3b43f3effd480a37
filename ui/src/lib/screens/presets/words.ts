import type { Preset } from "../../host";
import { shortId } from "../../format";
import { issue } from "../../state/issue.svelte";

const GIVES = { run: "run", token: "token", link: "link" };
const API = { workflows: "Workflow run", v2: "v2", v1: "v1" };

/** What a preset asks for, in short: v2 link. */
export function presetWords({ request }: Preset): string {
  return request.api === "workflows" ? API.workflows : `${API[request.api]} ${GIVES[request.kind]}`;
}

/** Its workflow, by name where it has one. */
export function workflowWords({ request }: Preset): string {
  const known = issue.options.find(({ value }) => value === request.workflowId);
  return known?.name ?? (request.workflowId ? shortId(request.workflowId) : "no workflow");
}
