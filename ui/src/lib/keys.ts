// Keys as this platform writes them.
export const isMac = /mac/i.test(navigator.platform);
export const mod = isMac ? "⌘" : "Ctrl";
export const withMod = (event: KeyboardEvent) => (isMac ? event.metaKey : event.ctrlKey);

/**
 * Whether a key belongs to an input method that is composing a character: it ends or drops the composition and
 * is no command. WebKit tells of the Enter that ends one after its end, and only by this code.
 */
export const composing = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229;

// The first of all listeners: no handler, of this app or of a package, hears of such a key. The input method does.
window.addEventListener("keydown", (event) => composing(event) && event.stopImmediatePropagation(), {
  capture: true,
});

/** Whether text is typed into it. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A box that is ticked takes no text, and keeps the focus afterwards.
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|file)$/.test(target.type);
  return target.isContentEditable || target.tagName === "TEXTAREA";
}

/** Whether it wants letters and arrows for itself. */
export const inTextField = (target: EventTarget | null) =>
  takesText(target) || target instanceof HTMLSelectElement;

const OVERLAYS = ["dialog", "alertdialog", "menu"]
  // One that is just closing is still there, and has the keys no more.
  .map((role) => `[role="${role}"]:not([data-state="closed"])`)
  .join(", ");

/** Whether a dialog or menu is open and has the keys. */
export const overlayOpen = () => document.querySelector(OVERLAYS) !== null;

export const SHORTCUTS: { group: string; keys: [string[], string][] }[] = [
  {
    group: "Everywhere",
    keys: [
      [[mod, "1"], "Issue"],
      [[mod, "2"], "Runs"],
      [[mod, "3"], "History"],
      [[mod, "4"], "Webhooks"],
      [[mod, "5"], "Workspaces"],
      [[mod, ","], "Settings"],
      [[mod, "K"], "Switch workspace"],
      [[mod, "Z"], "Undo what a message names, outside a text"],
      [["?"], "This list"],
      [["Esc"], "Close the topmost thing"],
    ],
  },
  {
    group: "Issue",
    keys: [
      [[mod, "↵"], "Issue, or save in a dialog"],
      [[mod, "Shift", "↵"], "Issue again"],
      [["Alt", "1…9"], "Fill in from a preset"],
      [["Esc"], "Cancel while issuing"],
    ],
  },
  {
    group: "What is shown: a token, a run, a link",
    keys: [
      [[mod, "Shift", "C"], "Copy the token, or the link"],
      [[mod, "P"], "Preview"],
      [[mod, "L"], "Link and QR code"],
      [[mod, "Shift", "H"], "Hand over"],
    ],
  },
  {
    group: "Runs and History",
    keys: [
      [["/"], "Search"],
      [[mod, "F"], "Search, also while typing"],
      [["↑", "↓"], "Move"],
      [["Home", "End"], "First, last"],
      [["↵"], "Open details"],
      [["C"], "Copy the token, or the link"],
      [["L"], "Look at the run now"],
      [["Delete"], "Forget"],
    ],
  },
  {
    group: "In a tree",
    keys: [
      [["→", "←"], "Open, close"],
      [["*"], "Open all beside it"],
      [["C"], "Copy the value"],
    ],
  },
  {
    group: "Webhooks",
    keys: [
      [[mod, "↵"], "Verify"],
      [["Esc"], "Stop waiting"],
    ],
  },
  {
    group: "Preview",
    keys: [[[mod, "R"], "New token and reload"]],
  },
];
