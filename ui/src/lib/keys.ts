// Keys as this platform writes them.
export const isMac = /mac/i.test(navigator.platform);
export const mod = isMac ? "⌘" : "Ctrl";
export const withMod = (event: KeyboardEvent) => (isMac ? event.metaKey : event.ctrlKey);

export function inTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Whether a dialog or menu is open and has the keys. */
export const overlayOpen = () =>
  document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

export const SHORTCUTS: { group: string; keys: [string[], string][] }[] = [
  {
    group: "Everywhere",
    keys: [
      [[mod, "1"], "Issue"],
      [[mod, "2"], "History"],
      [[mod, "3"], "Workspaces"],
      [[mod, ","], "Settings"],
      [[mod, "K"], "Switch workspace"],
      [["?"], "This list"],
      [["Esc"], "Close the topmost thing"],
    ],
  },
  {
    group: "Issue",
    keys: [
      [[mod, "↵"], "Issue token, save in a dialog"],
      [[mod, "Shift", "↵"], "Issue again"],
      [[mod, "Shift", "C"], "Copy token"],
      [[mod, "P"], "Preview"],
      [["Esc"], "Cancel while issuing"],
    ],
  },
  {
    group: "History",
    keys: [
      [["/"], "Search"],
      [[mod, "F"], "Search, also while typing"],
      [["↑", "↓"], "Move"],
      [["Home", "End"], "First, last"],
      [["↵"], "Open details"],
      [["C"], "Copy token"],
      [["Delete"], "Forget"],
    ],
  },
  {
    group: "Preview",
    keys: [[[mod, "R"], "New token and reload"]],
  },
];
