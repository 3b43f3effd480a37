// The workflows that the form offers, each once.
import type { AppState, KnownWorkflow } from "../host";
import type { Option } from "../matching";

/** Those with a name first, then the demo's scenarios, then those that were only used. */
export function workflowOptions(known: KnownWorkflow[], scenarios: AppState["scenarios"]): Option[] {
  const all: Option[] = [
    ...known.filter(({ saved }) => saved).map((one) => ({ ...optionOf(one), note: "saved" })),
    ...scenarios.map(({ workflowId, name, summary }) => ({ value: workflowId, name, note: summary })),
    ...known.map((one) => ({ ...optionOf(one), note: "used before" })),
  ];
  return all.filter(({ value }, at) => all.findIndex((option) => option.value === value) === at);
}

const optionOf = ({ workflowId, name }: KnownWorkflow) => ({ value: workflowId, name: name ?? workflowId });
