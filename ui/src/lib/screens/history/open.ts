// The open runs. The host tells those whose token still works from those that go on without one, and
// has no filter for both: there are few of them, so they are read whole and put in order here.
import { dayOf } from "../../format";
import type { HistoryEntry, HistoryFilter, StatusFilter } from "../../host";
import type { Source } from "./state.svelte";

const AT_ONCE = 500;
const PARTS: StatusFilter[] = ["live", "running"];

async function allOf(source: Source, filter: HistoryFilter): Promise<HistoryEntry[]> {
  const rows: HistoryEntry[] = [];
  for (;;) {
    const more = await source.page(filter, rows.length, AT_ONCE);
    rows.push(...more);
    if (more.length < AT_ONCE) return rows;
  }
}

/** Counts and rows of the open runs a filter leaves, newest first. */
export function openRuns(source: Source): Source {
  let reading: Promise<HistoryEntry[]> | undefined;
  const read = (filter: HistoryFilter) =>
    (reading ??= Promise.all(PARTS.map((status) => allOf(source, { ...filter, status }))).then((parts) =>
      // A run that began to run between the two is in both.
      [...new Map(parts.flat().map((row) => [row.id, row])).values()].sort(
        (a, b) => b.requestedAt - a.requestedAt,
      ),
    ));
  return {
    async summary(filter) {
      const [{ counts }, rows] = await Promise.all([source.summary(filter), read(filter)]);
      const days = new Map<string, number>();
      for (const { requestedAt } of rows) {
        const day = dayOf(requestedAt);
        days.set(day, (days.get(day) ?? 0) + 1);
      }
      return { counts, total: rows.length, days: [...days].map(([day, count]) => ({ day, count })) };
    },
    page: async (filter, offset, limit) => (await read(filter)).slice(offset, offset + limit),
  };
}
