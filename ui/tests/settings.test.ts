import { fireEvent, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { app } from "../src/lib/state/app.svelte";
import { appState, error, openApp } from "./host";

beforeEach(() => {
  app.screen = "issue";
  app.settings = null;
});

async function openSettings(answers: Parameters<typeof openApp>[0] = {}) {
  const view = await openApp(answers);
  app.go("settings");
  await view.findByTestId("settings-version");
  return view;
}

describe("the settings", () => {
  it("change the theme at once, and keep it", async () => {
    const view = await openSettings();
    await fireEvent.click(view.getByTestId("settings-theme-dark"));
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe("dark"));
    expect(view.callsOf("plugin:store|set")).toContainEqual(
      expect.objectContaining({ key: "theme", value: "dark" }),
    );
    await fireEvent.click(view.getByTestId("settings-theme-system"));
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe("light"));
  });

  it("change how long the clipboard keeps a token", async () => {
    const view = await openSettings({ save_settings: () => null });
    await fireEvent.click(await view.findByTestId("settings-clipboard-0"));
    expect(view.callsOf("save_settings")).toEqual([
      { settings: { keepTokens: true, clipboardClearSeconds: 0 } },
    ]);
  });

  it("ask before the kept tokens are erased, and go back where the host refuses", async () => {
    const view = await openSettings({ save_settings: () => Promise.reject(error({ title: "Not saved" })) });
    const toggle = await view.findByTestId("settings-keep-tokens");
    await fireEvent.click(toggle);
    await view.findByTestId("confirm");
    expect(view.callsOf("save_settings")).toEqual([]);
    await fireEvent.click(view.getByTestId("confirm-yes"));
    expect((await view.findByTestId("toast")).textContent).toContain("Not saved");
    expect(view.callsOf("save_settings")).toEqual([
      { settings: { keepTokens: false, clipboardClearSeconds: 60 } },
    ]);
    expect(toggle.getAttribute("aria-checked")).toBe("true");
  });

  it("say in plain words that there is no keychain", async () => {
    const detail = "org.freedesktop.DBus.Error.ServiceUnknown: no such name";
    const view = await openSettings({
      app_state: () =>
        appState({
          keychain: { state: "unavailable", detail, hint: "Start one." },
          storage: { state: "sessionOnly", reason: detail },
        }),
    });
    const keychain = view.getByTestId("settings-keychain");
    expect(keychain.textContent).toContain("None answers on this computer. Start one.");
    expect(keychain.querySelector(".hint")?.getAttribute("title")).toBe(detail);
    expect(view.getByTestId("settings-storage").textContent).toContain("Because no keychain answers.");
    expect(view.container.textContent).not.toContain(detail);
  });

  it("say where data lives, and what stands in the way", async () => {
    const view = await openSettings({
      app_state: () =>
        appState({
          keychain: { state: "locked", hint: "Unlock it." },
          storage: { state: "waiting" },
          clockOffsetMs: 90_000,
        }),
      settings: () => Promise.reject(error({ code: "keychain_locked" })),
    });
    expect(view.getByTestId("settings-keychain").textContent).toMatch(/Unlock it\.\s+Locked/);
    expect(view.getByTestId("settings-storage").textContent).toContain("Waiting for your keychain");
    expect(view.getByTestId("settings-clock").textContent).toContain("90 s behind the server's");
    expect(view.getByTestId("settings-waiting")).toBeTruthy();
    expect(view.queryByTestId("settings-keep-tokens")).toBeNull();
  });
});
