// What the whole window knows: the host's state, the chosen screen, workspace and theme.
import {
  host,
  keepPreference,
  onEvent,
  readPreferences,
  toAppError,
  type AppError,
  type AppState,
  type HistoryEntry,
  type LiveEntries,
  type Preferences,
  type Screen,
  type Settings,
  type Theme,
  type Workspace,
} from "../host";
import { SvelteMap } from "svelte/reactivity";
import { monograms } from "../monograms";
import { toasts } from "./toasts.svelte";

const NOTHING_LIVE: LiveEntries = { entries: [], ends: [], runEnds: [], running: 0 };
/** The longest time that setTimeout can wait. */
const LONGEST_WAIT = 2 ** 31 - 1;

class App {
  state = $state.raw<AppState | null>(null);
  failure = $state.raw<AppError | null>(null);
  settings = $state.raw<Settings | null>(null);
  live = $state.raw<LiveEntries>(NOTHING_LIVE);
  screen = $state<Screen>("issue");
  theme = $state<Theme>("system");
  workspaceId = $state<string | null>(null);
  #workspaceName = $state<string | null>(null);
  bannerDismissed = $state(false);
  /** Whether the person chose to go on without the keychain, so that nothing is left to ask. */
  sessionChosen = $state(false);
  shortcutsOpen = $state(false);
  switcherOpen = $state(false);
  /** The entry whose link and QR code are shown. */
  linkOf = $state.raw<HistoryEntry | null>(null);
  /** The entry that is being handed over. */
  handOverOf = $state.raw<HistoryEntry | null>(null);
  /** The dialog of a workspace: null closed, "new", or the id to edit. */
  editing = $state<string | null>(null);
  /** Whether the dialog asks for a new credential only. */
  rotating = $state(false);
  /** Grows with each change of the history. */
  historyVersion = $state(0);
  /** When a run was last looked at without any news, by the id of its entry. */
  readonly #checks = new SvelteMap<string, number>();
  preferences = $state.raw<Preferences | null>(null);

  workspaces = $derived(this.state?.workspaces ?? []);
  workspace: Workspace | null = $derived(
    this.workspaces.find((w) => w.id === this.workspaceId) ?? this.#standIn() ?? this.workspaces[0] ?? null,
  );
  /** The letters of each workspace, by its name. */
  monograms = $derived(monograms(this.workspaces.map((workspace) => workspace.name)));
  isDemo = $derived(this.workspace?.kind === "demo");

  /** The chosen workspace as far as it is known before the database is open: never the demo. */
  #standIn(): Workspace | null {
    const state = this.state;
    if (!state || !["opening", "waiting"].includes(state.storage.state)) return null;
    if (this.workspaceId === null || this.#workspaceName === null) return null;
    return {
      id: this.workspaceId,
      name: this.#workspaceName,
      kind: "live",
      apiHost: "",
      widgetHost: "",
      authKind: "organizationToken",
      createdAt: 0,
      lastTest: null,
      allowedHosts: [],
      credential: { state: state.keychain.state === "locked" ? "locked" : "loading" },
    };
  }

  knows(workspaceId: string): boolean {
    return this.workspaces.some((workspace) => workspace.id === workspaceId);
  }

  async start(): Promise<void> {
    this.#watched = "";
    const kept = await readPreferences();
    this.preferences = kept;
    this.theme = kept.theme;
    this.screen = kept.screen;
    this.workspaceId = kept.workspaceId;
    this.#workspaceName = kept.workspaceName;
    this.bannerDismissed = kept.bannerDismissed;
    await this.refresh();
    await Promise.all([this.refreshLive(), this.readSettings()]);
  }

  listen(): () => void {
    const stops = [
      onEvent("state-changed", () => void this.refresh()),
      onEvent("history-changed", () => {
        this.historyVersion += 1;
        void this.refreshLive();
      }),
      onEvent("run-checked", ({ entryId, checkedAt }) => this.#checks.set(entryId, checkedAt)),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** When somebody last looked at the run of an entry, as far as the entry or an event says. */
  checkedAt(entry: HistoryEntry): number | null {
    const told = this.#checks.get(entry.id) ?? null;
    const known = entry.run?.checkedAt ?? null;
    return told === null || known === null ? (told ?? known) : Math.max(told, known);
  }

  async refresh(): Promise<void> {
    const before = this.state?.storage.state;
    try {
      this.state = await host.appState();
      this.failure = null;
      this.#keepName();
    } catch (reason) {
      this.failure = toAppError(reason);
      return;
    }
    // What is in the history could not be read before it was open.
    if (before === undefined || before === this.state.storage.state) return;
    this.historyVersion += 1;
    await Promise.all([this.refreshLive(), this.readSettings()]);
  }

  async refreshLive(): Promise<void> {
    try {
      this.live = await host.liveTokens();
    } catch {
      this.live = NOTHING_LIVE;
    }
    this.#readMoreInTime();
  }

  #more: ReturnType<typeof setTimeout> | undefined;

  /** Not all that is live is listed: what comes after is read when half of the list is over. */
  #readMoreInTime() {
    clearTimeout(this.#more);
    const { entries, ends, running } = this.live;
    if (entries.length >= ends.length + running) return;
    const half = entries[entries.length >> 1]?.expiresAt ?? 0;
    if (half <= Date.now()) return;
    const wait = Math.min(half - Date.now(), LONGEST_WAIT);
    this.#more = setTimeout(() => void this.refreshLive(), wait);
  }

  async readSettings(): Promise<void> {
    try {
      this.settings = await host.settings();
    } catch {
      this.settings = null;
    }
  }

  async saveSettings(settings: Settings): Promise<void> {
    const before = this.settings;
    this.settings = settings;
    try {
      await host.saveSettings(settings);
    } catch (reason) {
      this.settings = before;
      toasts.failed(reason);
    }
  }

  go(screen: Screen) {
    this.screen = screen;
    void keepPreference("screen", screen);
  }

  choose(workspaceId: string) {
    this.workspaceId = workspaceId;
    void keepPreference("workspaceId", workspaceId);
    this.#keepName();
  }

  #keepName() {
    const name = this.workspaces.find((workspace) => workspace.id === this.workspaceId)?.name;
    if (name === undefined || name === this.#workspaceName) return;
    this.#workspaceName = name;
    void keepPreference("workspaceName", name);
  }

  setTheme(theme: Theme) {
    this.theme = theme;
    void keepPreference("theme", theme);
  }

  /** Opens the dialog of a workspace, or of its credential alone. */
  edit(workspaceId: string, rotate = false) {
    this.rotating = rotate;
    this.editing = workspaceId;
  }

  dismissBanner() {
    this.bannerDismissed = true;
    void keepPreference("bannerDismissed", true);
  }

  #watched = "";

  /** Says whether somebody looks, and at which open run: those in view are looked at more often. */
  watchRuns(looking: boolean, focus: string | null) {
    const watched = `${looking} ${focus}`;
    if (watched === this.#watched) return;
    this.#watched = watched;
    host.watchRuns(looking, focus).catch(() => (this.#watched = "")); // Runs are only looked at less often.
  }

  async retryKeychain() {
    try {
      await host.retryKeychain();
      await this.refresh();
    } catch (reason) {
      toasts.failed(reason);
    }
  }

  /** Sets a history aside whose key is missing, and begins a new one. */
  async beginNewHistory() {
    try {
      await host.beginNewHistory();
      await this.refresh();
    } catch (reason) {
      toasts.failed(reason);
    }
  }

  async keepForSession() {
    try {
      await host.useSessionOnly();
      this.sessionChosen = true;
      await this.refresh();
    } catch (reason) {
      toasts.failed(reason);
    }
  }
}

export const app = new App();

/** Puts the theme on the document and follows the system's. */
export function applyTheme(theme: Theme): () => void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const set = () => {
    document.documentElement.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
  };
  set();
  dark.addEventListener("change", set);
  host.setTheme(theme).catch(() => undefined); // Only the title bars would differ.
  return () => dark.removeEventListener("change", set);
}
