import { ownLanguages } from "../lib/languages";

export type Device = "phone" | "tablet" | "desktop";

export const devices: { id: Device; name: string; width: number; height: number }[] = [
  { id: "phone", name: "Phone", width: 390, height: 844 },
  { id: "tablet", name: "Tablet", width: 820, height: 1180 },
  { id: "desktop", name: "Desktop", width: 1280, height: 800 },
];

/** The vendor documents no language option, so by default none is sent. One that was asked for is always among them. */
export const languages = (...besides: (string | null | undefined)[]) => [
  { id: "", name: "Default" },
  ...ownLanguages(...besides),
];
