// Time zones to choose from.
export const OWN_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

function offsetOf(timeZone: string, at: number): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "shortOffset" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

export interface Zone {
  value: string;
  name: string;
  note: string;
}

/** All zones of this system by name, the computer's own one first, with their offset at that time. */
export function zones(at: number): Zone[] {
  const names = Intl.supportedValuesOf("timeZone").filter((zone) => zone !== OWN_ZONE && zone !== "UTC");
  return [OWN_ZONE, ...(OWN_ZONE === "UTC" ? [] : ["UTC"]), ...names].map((zone, place) => ({
    value: zone,
    name: zone.replaceAll("_", " "),
    note: place === 0 ? `${offsetOf(zone, at)}, this computer` : offsetOf(zone, at),
  }));
}

export function isZone(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone }));
  } catch {
    return false;
  }
}
