// Time zones to choose from.
import { isDate } from "../../format";

export const OWN_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

const offsets = new Map<string, Intl.DateTimeFormat>();

/** Made once for a zone: a computer knows some four hundred. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let made = offsets.get(timeZone);
  if (!made) {
    made = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "shortOffset" });
    offsets.set(timeZone, made);
  }
  return made;
}

function offsetOf(timeZone: string, at: number): string {
  if (!isDate(at)) return "";
  const parts = formatterOf(timeZone).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

export interface Zone {
  value: string;
  name: string;
  readonly note: string;
}

/** All zones of this system by name, the computer's own one first. Their offset at that time is found when it is read. */
export function zones(at: number): Zone[] {
  const names = Intl.supportedValuesOf("timeZone").filter((zone) => zone !== OWN_ZONE && zone !== "UTC");
  return [OWN_ZONE, ...(OWN_ZONE === "UTC" ? [] : ["UTC"]), ...names].map((zone, place) => ({
    value: zone,
    name: zone.replaceAll("_", " "),
    get note() {
      return place === 0 ? `${offsetOf(zone, at)}, this computer` : offsetOf(zone, at);
    },
  }));
}

export function isZone(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone }));
  } catch {
    return false;
  }
}
