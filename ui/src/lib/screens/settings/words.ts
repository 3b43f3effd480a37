// How the state of keychain and history is said.
import type { KeychainState, StorageState } from "../../host";

export interface Words {
  tone: "good" | "wait" | "bad";
  title: string;
  detail: string;
  /** What the system said, for whoever looks closer. */
  cause?: string;
}

export function keychainWords(keychain: KeychainState): Words {
  switch (keychain.state) {
    case "ready":
      return {
        tone: "good",
        title: keychain.name,
        detail: "One item for each workspace, and one for the history's key.",
      };
    case "loading":
      return { tone: "wait", title: "Waiting for your keychain", detail: "It has not answered yet." };
    case "locked":
      return { tone: "wait", title: "Locked", detail: keychain.hint };
    case "unavailable":
      return {
        tone: "bad",
        title: "No keychain",
        detail: `None answers on this computer. ${keychain.hint}`,
        cause: keychain.detail,
      };
  }
}

export function storageWords(storage: StorageState, keychain: KeychainState): Words {
  switch (storage.state) {
    case "encrypted":
      return {
        tone: "good",
        title: "Encrypted",
        detail: "Encrypted as a whole; its key is in your keychain.",
      };
    case "opening":
      return { tone: "wait", title: "Opening", detail: "One moment." };
    case "waiting":
      return { tone: "wait", title: "Waiting for your keychain", detail: "Its key is there." };
    case "sessionOnly":
      if (keychain.state === "unavailable" && storage.reason === keychain.detail)
        return {
          tone: "wait",
          title: "In memory, this session only",
          detail: "Because no keychain answers.",
        };
      return { tone: "wait", title: "In memory, this session only", detail: `Because ${storage.reason}.` };
    case "failed":
      return {
        tone: "bad",
        title: storage.error.title,
        detail: [storage.error.detail, storage.error.hint].filter(Boolean).join(" "),
      };
  }
}
