// Runs as the host would answer for them.
import { dayOf } from "../src/lib/format";
import type { HistoryEntry, HistoryFilter, Tree } from "../src/lib/host";
import { entry, error, run } from "./host";

export const MINUTE = 60_000;
export const BACKGROUND = {
  tokenMasked: null,
  tokenLength: null,
  hasToken: false,
  expiresAt: null,
  lifetimeMs: null,
  expirySource: null,
} as const;

/** An interactive run whose token was not used yet, unless the changes say otherwise. */
export const runEntry = (changes: Partial<HistoryEntry> = {}, facts: Parameters<typeof run>[0] = {}) =>
  entry({ id: "r0", kind: "run", api: "workflows", hasLink: true, run: run(facts), ...changes });
export const completed = (changes: Partial<HistoryEntry> = {}, facts: Parameters<typeof run>[0] = {}) =>
  runEntry(
    { id: "r1", usedAt: Date.now() - MINUTE, hasToken: false, ...changes },
    { status: "COMPLETED", state: "completed", following: false, ...facts },
  );
export const TREE: Tree = {
  nodes: [{ depth: 0, name: "score", kind: "number", text: "12345678901234567890", children: 0 }],
  truncated: false,
  bytes: 32,
};

/** As the host tells them apart. */
function stateOf(e: HistoryEntry): string {
  if (e.run?.state === "completed") return "completed";
  if (e.run?.state === "ended") return "failed";
  if (e.run && (e.usedAt !== null || e.expiresAt === null || e.expiresAt <= Date.now())) return "running";
  return e.usedAt !== null ? "used" : "live";
}

const isOpen = (e: HistoryEntry) => e.run?.state === "open";

export function store(all: HistoryEntry[]) {
  const matching = (f: HistoryFilter) =>
    all.filter(
      (e) =>
        (f.kind === null || e.kind === f.kind) &&
        (f.status === "all" || stateOf(e) === f.status || (f.status === "open" && isOpen(e))) &&
        (f.since === null || e.requestedAt >= f.since) &&
        (!f.search || (e.label ?? "").includes(f.search)),
    );
  return {
    history_summary: ({ filter }: { filter: HistoryFilter }) => {
      const rows = matching(filter);
      const base = matching({ ...filter, status: "all" });
      const of = (state: string) => base.filter((e) => stateOf(e) === state).length;
      const days = new Map<string, number>();
      for (const row of rows) days.set(dayOf(row.requestedAt), (days.get(dayOf(row.requestedAt)) ?? 0) + 1);
      return {
        counts: {
          all: base.length,
          live: of("live"),
          used: of("used"),
          expired: 0,
          failed: of("failed"),
          unknown: 0,
          previews: 0,
          running: of("running"),
          completed: of("completed"),
          open: base.filter(isOpen).length,
        },
        total: rows.length,
        days: [...days].map(([day, count]) => ({ day, count })),
      };
    },
    history_page: (args: { filter: HistoryFilter; offset: number; limit: number }) =>
      matching(args.filter).slice(args.offset, args.offset + args.limit),
    history_entry: ({ id }: { id: string }) => all.find((e) => e.id === id) ?? Promise.reject(error()),
    run_result: ({ id }: { id: string }) => ({ entryId: id, tree: TREE, fetchedAt: Date.now(), kept: false }),
  } as unknown as Record<string, (args: Record<string, never>) => unknown>;
}

export const SOME = () => [
  runEntry({ label: "waits", requestedAt: Date.now() - MINUTE }),
  entry({ id: "t0", label: "a token", requestedAt: Date.now() - 2 * MINUTE }),
  completed({ label: "done", requestedAt: Date.now() - 3 * MINUTE }),
  runEntry(
    { id: "r2", label: "goes on", requestedAt: Date.now() - 4 * MINUTE, api: "v2", ...BACKGROUND },
    {
      interactive: false,
      status: "AWAITING_REVIEW",
    },
  ),
  runEntry(
    { id: "r3", label: "broke", requestedAt: Date.now() - 5 * MINUTE },
    { status: "FAILED", state: "ended" },
  ),
];
