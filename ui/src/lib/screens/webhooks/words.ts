// How verdicts and deliveries are named.
import type { ReceivedWebhook, Verdict, WebhookReport } from "../../host";

export const VERDICT: Record<Verdict, { title: string; word: string; tone: "good" | "bad" | "wait" }> = {
  valid: { title: "Valid", word: "valid", tone: "good" },
  invalid: { title: "Invalid", word: "invalid", tone: "bad" },
  unknownKey: { title: "Unknown key", word: "unknown key", tone: "wait" },
  unchecked: { title: "Could not be checked", word: "not checked", tone: "wait" },
};

/** The run a body tells of. The payload is not documented: the likeliest names are tried. */
export function runOf(report: WebhookReport): string {
  const said = (name: string) =>
    report.body?.nodes.find((node) => node.depth === 0 && node.kind === "string" && node.name === name)?.text;
  return said("workflowId") || said("id") || "";
}

const ENDINGS: Record<string, string> = { one: "st", two: "nd", few: "rd", other: "th" };
const ordinals = new Intl.PluralRules("en", { type: "ordinal" });

/** 2nd delivery. Nothing for the first, which is how it should be. */
export function deliveryWords({ attempt }: Pick<ReceivedWebhook, "attempt">): string {
  if (attempt <= 1) return "";
  return `${attempt}${ENDINGS[ordinals.select(attempt)] ?? "th"} delivery`;
}
