// How much data is written: 812 B, 1.4 MB.
const UNITS = ["kB", "MB", "GB", "TB"];

export function bytesWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = -1;
  // What would be rounded to 1000 is one of the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return `${text.replace(/\.0$/, "")} ${UNITS[unit]}`;
}
