// Short messages at the bottom of the window.
import { host, toAppError } from "../host";
import { clock } from "./clock.svelte";

export interface Toast {
  id: number;
  tone: "done" | "failed" | "note";
  title: string;
  detail: string;
  /** When the clipboard is cleared; the toast counts down to it. */
  clearsAt: number | null;
  action: { label: string; run: () => void } | null;
  /** Whether the action takes something back. */
  undoes: boolean;
}

class Toasts {
  list = $state<Toast[]>([]);
  #last = 0;

  show(toast: Partial<Toast> & { title: string }, forMs = 6000): number {
    const id = ++this.#last;
    const full: Toast = {
      tone: "done",
      detail: "",
      clearsAt: null,
      action: null,
      undoes: false,
      ...toast,
      id,
    };
    this.list = [...this.list.filter((t) => full.clearsAt === null || t.clearsAt === null), full].slice(-3);
    setTimeout(() => this.dismiss(id), forMs);
    return id;
  }

  failed(reason: unknown) {
    const error = toAppError(reason);
    this.show({ tone: "failed", title: error.title, detail: error.hint || error.detail }, 8000);
  }

  copied(title: string, clearedAfterSeconds = 0) {
    if (clearedAfterSeconds <= 0) {
      // What was counted down to is not in the clipboard any more.
      this.list = this.list.filter((toast) => toast.clearsAt === null);
      this.show({ title }, 2500);
      return;
    }
    const id = this.show(
      {
        title,
        clearsAt: clock.now + clearedAfterSeconds * 1000,
        action: {
          label: "Clear now",
          run: () => {
            this.dismiss(id);
            host.clearClipboard().then(
              () => this.show({ title: "Clipboard cleared." }, 2500),
              (e) => this.failed(e),
            );
          },
        },
      },
      clearedAfterSeconds * 1000,
    );
  }

  /** Says what was taken away, with a way back. Where `undo` returns words, it could not be done: they say why. */
  undoable(title: string, undo: () => unknown, detail = "", label = "Undo"): number {
    const run = () => {
      const reason = undo();
      if (typeof reason !== "string") this.dismiss(id);
      else this.list = this.list.map((toast) => (toast.id === id ? { ...toast, detail: reason } : toast));
    };
    const id = this.show({ title, detail, action: { label, run }, undoes: true }, 10_000);
    return id;
  }

  /** Takes back what the newest message offers to. Whether there was one. */
  undo(): boolean {
    const newest = this.list.findLast((toast) => toast.undoes);
    newest?.action?.run();
    return newest !== undefined;
  }

  dismiss(id: number) {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
