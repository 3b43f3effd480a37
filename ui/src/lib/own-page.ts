// The page stays the app's own: whatever a web view does with a page by itself would throw away what is typed.
import { isMac, takesText } from "./keys";

const inText = (target: EventTarget | null) =>
  takesText(target) || (target instanceof Element && target.closest("[contenteditable=true]") !== null);

/** Whether there is selected text under the pointer, which the web view's menu can copy. */
function onSelectedText(target: EventTarget | null): boolean {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return false;
  const range = selection.getRangeAt(0);
  const common = range.commonAncestorContainer;
  const around = common instanceof Element ? common : common.parentElement;
  // What merely surrounds the selected text is not it.
  return target instanceof Node && range.intersectsNode(target) && around?.contains(target) === true;
}

/** The web view's own menu has Back and Reload; in a text it has what belongs to texts. */
function onContextMenu(event: MouseEvent): void {
  if (!inText(event.target) && !onSelectedText(event.target)) event.preventDefault();
}

const PAGE_KEYS = /^(F5|BrowserBack|BrowserForward|BrowserRefresh|BrowserHome|BrowserStop)$/;

function leavesPage(event: KeyboardEvent): boolean {
  const { key, altKey, metaKey, ctrlKey } = event;
  if (PAGE_KEYS.test(key)) return true;
  // On a Mac, Alt and an arrow move by a word.
  if (isMac ? metaKey && /^[[\]]$/.test(key) : altKey && /^(ArrowLeft|ArrowRight|Home)$/.test(key))
    return true;
  return (isMac ? metaKey : ctrlKey) && key.toLowerCase() === "r";
}

function onKey(event: KeyboardEvent): void {
  if (leavesPage(event)) event.preventDefault();
}

/** The buttons of a mouse that go back and forward. */
function onButton(event: MouseEvent): void {
  if (event.button === 3 || event.button === 4) event.preventDefault();
}

/** A file or link that is dropped beside its place would be opened instead of the app. */
function onDrag(event: DragEvent): void {
  const files = event.dataTransfer?.types.includes("Files") ?? false;
  if (event.defaultPrevented || (inText(event.target) && !files)) return;
  event.preventDefault();
  if (event.dataTransfer && event.type === "dragover") event.dataTransfer.dropEffect = "none";
}

/** Keeps the web view on its page until the returned function is called. */
export function keepOwnPage(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener("contextmenu", onContextMenu, { signal });
  window.addEventListener("keydown", onKey, { signal, capture: true });
  for (const name of ["mousedown", "mouseup", "auxclick"] as const)
    window.addEventListener(name, onButton, { signal, capture: true });
  for (const name of ["dragover", "drop"] as const) window.addEventListener(name, onDrag, { signal });
  return () => stop.abort();
}
