export type Device = "phone" | "tablet" | "desktop";

export const devices: { id: Device; name: string; width: number; height: number }[] = [
  { id: "phone", name: "Phone", width: 390, height: 844 },
  { id: "tablet", name: "Tablet", width: 820, height: 1180 },
  { id: "desktop", name: "Desktop", width: 1280, height: 800 },
];

/** The vendor documents no language option, so by default none is sent. */
export const languages = [
  { id: "", name: "Default" },
  { id: "en", name: "English" },
  { id: "pl", name: "Polski" },
  { id: "de", name: "Deutsch" },
  { id: "fr", name: "Français" },
  { id: "es", name: "Español" },
  { id: "it", name: "Italiano" },
  { id: "cs", name: "Čeština" },
  { id: "uk", name: "Українська" },
];
