// How long a run may take: "Ends after" as it is chosen, and the minutes that are sent.

/** The vendor's bounds in minutes: 30 minutes to 30 days (documented). */
export const LEAST_MINUTES = 30;
export const MOST_MINUTES = 30 * 24 * 60;

export type Unit = "minutes" | "hours" | "days";
export interface Duration {
  /** Minutes as text, "" for the vendor's default, or "custom". */
  choice: string;
  amount: string;
  unit: Unit;
}

const IN_MINUTES: Record<Unit, number> = { minutes: 1, hours: 60, days: 1440 };

export const CHOICES: { value: string; name: string }[] = [
  { value: "", name: "Default (60 minutes)" },
  { value: "30", name: "30 minutes" },
  { value: "60", name: "1 hour" },
  { value: "240", name: "4 hours" },
  { value: "1440", name: "1 day" },
  { value: "10080", name: "7 days" },
  { value: "43200", name: "30 days" },
  { value: "custom", name: "Custom…" },
];

export const UNITS: { value: Unit; name: string }[] = [
  { value: "minutes", name: "minutes" },
  { value: "hours", name: "hours" },
  { value: "days", name: "days" },
];

/** The minutes of what is chosen, null for the default, or why it cannot be. */
export function minutesOf({ choice, amount, unit }: Duration): {
  minutes: number | null;
  fault: string | null;
} {
  if (choice === "") return { minutes: null, fault: null };
  if (choice !== "custom") return { minutes: Number(choice), fault: null };
  const text = amount.trim().replace(",", ".");
  if (!text) return { minutes: null, fault: "Enter how long, from 30 minutes to 30 days" };
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) return { minutes: null, fault: "Not a number, for example 90" };
  const minutes = Math.round(Number(text) * IN_MINUTES[unit] * 1e6) / 1e6;
  if (minutes < LEAST_MINUTES) return { minutes: null, fault: "At least 30 minutes" };
  if (minutes > MOST_MINUTES) return { minutes: null, fault: "At most 30 days" };
  if (!Number.isInteger(minutes)) return { minutes: null, fault: "Whole minutes only" };
  return { minutes, fault: null };
}

/** The choice that stands for these minutes. */
export function durationOf(minutes: number | null): Duration {
  const choice = minutes === null ? "" : String(minutes);
  if (CHOICES.some(({ value }) => value === choice)) return { choice, amount: "", unit: "hours" };
  const given = minutes ?? 0;
  const unit: Unit = given % 1440 === 0 ? "days" : given % 60 === 0 ? "hours" : "minutes";
  return { choice: "custom", amount: String(given / IN_MINUTES[unit]), unit };
}
