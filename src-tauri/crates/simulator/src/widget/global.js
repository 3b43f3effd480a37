// `window.transactionlink`, and the call that says it is there.
const listeners = new Map();
let options = {};
let opened = null;
let wanted = false;

// After the caller's own lines, and apart from each other: one that fails stops nobody.
const emit = (name, data) => {
  for (const callback of listeners.get(name) ?? []) queueMicrotask(() => callback(data));
};

/** The page's element, or one put where the page wants the widget. */
const place = () => {
  const own = document.querySelector("transactionlink-widget");
  if (own) return own;
  const spot = document.getElementById("transactionlink-widget") ?? document.body;
  return spot.appendChild(document.createElement("transactionlink-widget"));
};

const openNow = () => {
  if (!wanted) return;
  const element = place();
  if (opened && opened !== element) opened.close();
  opened = element;
  element.open(options, emit);
};

const api = {
  setOptions(changes) {
    options = { ...options, ...changes };
  },
  /** The older way of passing the token. */
  setContext(jwt) {
    api.setOptions({ token: jwt });
  },
  open() {
    wanted = true;
    if (document.body) openNow();
    else document.addEventListener("DOMContentLoaded", openNow, { once: true });
  },
  close() {
    wanted = false;
    opened?.close();
  },
  unmountWidget() {
    api.close();
    opened?.remove();
    opened = null;
    options = {};
  },
  on(name, callback) {
    if (!listeners.has(name)) listeners.set(name, new Set());
    listeners.get(name).add(callback);
  },
  off(name, callback) {
    listeners.get(name)?.delete(callback);
  },
};

// A page may load the script twice; the first one stays.
if (!customElements.get("transactionlink-widget")) {
  customElements.define("transactionlink-widget", TransactionLinkWidget);
  window.transactionlink = api;
}

if (typeof window.transactionlink_ready === "function") {
  const ready = window.transactionlink_ready;
  queueMicrotask(() => ready());
} else {
  // It is called too when the page defines it late.
  Object.defineProperty(window, "transactionlink_ready", {
    configurable: true,
    set(ready) {
      Object.defineProperty(window, "transactionlink_ready", {
        configurable: true,
        writable: true,
        value: ready,
      });
      if (typeof ready === "function") queueMicrotask(() => ready());
    },
  });
}
