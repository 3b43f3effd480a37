import { emit } from "@tauri-apps/api/event";
import { fireEvent, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { HistoryEntry } from "../src/lib/host";
import {
  inWords,
  LANGUAGES,
  languageFor,
  LINK,
  promisedEnd,
  textFor,
} from "../src/lib/screens/handover/texts";
import { isZone, OWN_ZONE, zones } from "../src/lib/screens/handover/zones";
import { app } from "../src/lib/state/app.svelte";
import { clock } from "../src/lib/state/clock.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { entry, error, openApp, run } from "./host";

const END = Date.UTC(2026, 9, 6, 13, 2);
const MASKED = "https://app.transactionlink.io/l/8f…2c";

const link = (changes: Partial<HistoryEntry> = {}) =>
  entry({
    id: "l0",
    kind: "link",
    label: "ticket #48190",
    tokenMasked: null,
    tokenLength: null,
    hasToken: false,
    hasLink: true,
    link: { masked: MASKED, supersededAt: null },
    send: true,
    expiresAt: Date.now() + 86_400_000,
    ...changes,
  });

describe("the text for the customer", () => {
  it.each(LANGUAGES.map(({ value }) => value))(
    "in %s has the link once and the end in its own words",
    (code) => {
      const known = link({ expiresAt: END, expirySource: "server" });
      const text = textFor(known, code, "Europe/Warsaw");
      expect(text.split(LINK)).toHaveLength(2);
      expect(text).toMatch(/15:02|3:02.PM/);
      expect(text).toMatch(/\b6\b/);
      expect(text).not.toMatch(/\{(?!link\})/);
      // Nobody promised an assumed end, so none is named.
      const assumed = textFor(link({ expiresAt: END, expirySource: "assumed" }), code, "Europe/Warsaw");
      expect(assumed).toContain(LINK);
      expect(assumed).not.toMatch(/\d/);
    },
  );

  it("is another one in each of at least eight languages", () => {
    const all = LANGUAGES.map(({ value }) => textFor(link(), value, "UTC"));
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(8);
  });

  it("writes the end in the zone and names the zone in the language", () => {
    expect(inWords(END, "en", "America/New_York")).toMatch(
      /Tuesday,? 6 October 2026 at 09:02 \(Eastern Daylight Time\)/,
    );
    expect(inWords(END, "pl", "Europe/Warsaw")).toMatch(
      /wtorek, 6 października 2026.*15:02 \(.*(środkowoeurop).*\)/,
    );
  });

  it("is in the language of the entry, else of the computer, else English", () => {
    expect(languageFor({ lang: "pl" }, ["de"])).toBe("pl");
    expect(languageFor({ lang: "pt-BR" }, ["xx", "de-AT"])).toBe("de");
    expect(languageFor({ lang: null }, ["constructor"])).toBe("en");
  });

  it("promises the earlier of both ends, and none that is assumed", () => {
    const of = (changes: Partial<HistoryEntry>) => promisedEnd(entry({ expirySource: "jwt", ...changes }));
    expect(of({ expiresAt: 9 })).toBe(9);
    expect(of({ expiresAt: 9, run: run({ endsAt: 5 }) })).toBe(5);
    expect(of({ expiresAt: 9, run: run({ endsAt: null }) })).toBe(9);
    expect(of({ expiresAt: 9, expirySource: "assumed", run: run({ endsAt: 5 }) })).toBeNull();
    expect(of({ expiresAt: null })).toBeNull();
  });

  it("can be in any zone, this computer's first", () => {
    const all = zones(END);
    expect(all[0]?.value).toBe(OWN_ZONE);
    expect(all.find((zone) => zone.value === "America/New_York")).toMatchObject({
      name: "America/New York",
      note: "GMT-4",
    });
    expect(new Set(all.map((zone) => zone.value)).size).toBe(all.length);
    expect([isZone("Europe/Vilnius"), isZone("Europe/Nowhere"), isZone("")]).toEqual([true, false, false]);
  });
});

beforeEach(() => {
  app.screen = "issue";
});

const value = (element: HTMLElement) => (element as HTMLTextAreaElement).value;

async function handOver(shown: HistoryEntry, answers: Parameters<typeof openApp>[0] = {}) {
  const view = await openApp(answers);
  issue.show(shown);
  app.handOverOf = shown;
  await view.findByTestId("hand-over");
  const type = (testid: string, text: string) =>
    fireEvent.input(view.getByTestId(testid), { target: { value: text } });
  const speak = (language: string) =>
    fireEvent.change(view.getByTestId("hand-over-language"), { target: { value: language } });
  return { ...view, type, speak };
}

describe("handing over", () => {
  it("copies the text with a placeholder; the link itself is put in by the host", async () => {
    const view = await handOver(link({ id: "l1" }), { copy_with_link: () => ({ clearedAfterSeconds: 60 }) });
    expect(view.getByTestId("hand-over").textContent).toContain(MASKED);
    await view.type("hand-over-text", "Hi!\n{link}\nBye");
    await fireEvent.click(view.getByTestId("hand-over-copy-text"));
    await waitFor(() =>
      expect(view.callsOf("copy_with_link")).toEqual([{ id: "l1", text: "Hi!\n{link}\nBye" }]),
    );
    expect((await view.findByTestId("toast")).textContent).toMatch(/^\s*Text .*copied\./);
    expect(view.callsOf("reveal_link")).toEqual([]);
    await view.type("hand-over-text", "Hi!");
    expect(view.getByTestId("hand-over-without").textContent).toContain("leads nowhere");
  });

  it("gives back what was written by hand after another language, and keeps it when closed", async () => {
    const view = await handOver(link({ id: "l2", lang: "en" }));
    const text = () => value(view.getByTestId("hand-over-text"));
    expect(text()).toMatch(/^Hello,/);
    await view.speak("de");
    expect(text()).toMatch(/^Guten Tag,/);
    expect(view.queryByTestId("toast")).toBeNull();
    await view.type("hand-over-text", "My own words {link}");
    await view.speak("pl");
    expect(text()).toMatch(/^Dzień dobry,/);
    await fireEvent.click(await view.findByTestId("toast-action"));
    expect(text()).toBe("My own words {link}");
    app.handOverOf = null;
    await waitFor(() => expect(view.queryByTestId("hand-over")).toBeNull());
    app.handOverOf = issue.entry;
    expect(value(await view.findByTestId("hand-over-text"))).toBe("My own words {link}");
    await fireEvent.click(view.getByTestId("hand-over-anew"));
    expect(text()).toMatch(/^Guten Tag,/);
  });

  it("says at the field that there is no such zone, and leaves the text alone", async () => {
    const view = await handOver(link({ id: "l3", lang: "en", expirySource: "server" }));
    const text = () => value(view.getByTestId("hand-over-text"));
    const before = text();
    await view.type("hand-over-zone", "Europe/Now");
    expect(view.getByTestId("hand-over-zone-fault").textContent).toContain("There is no such time zone");
    expect(text()).toBe(before);
    // Half a name may be another zone: nothing is written anew while somebody types.
    await view.type("hand-over-zone", "EST");
    expect(text()).toBe(before);
    await view.type("hand-over-zone", "Asia/Tokyo");
    expect(text()).toBe(before);
    await fireEvent.blur(view.getByTestId("hand-over-zone"));
    await fireEvent.focusOut(view.getByTestId("hand-over-zone"));
    expect(view.queryByTestId("hand-over-zone-fault")).toBeNull();
    expect(text()).toContain("Japan Standard Time");
    await view.type("hand-over-zone", "Europe/Warsaw");
    await fireEvent.keyDown(view.getByTestId("hand-over-zone"), { key: "Enter" });
    expect(text()).toContain("Central European");
  });

  it("closes the list of zones with Esc, and only then the dialog", async () => {
    const view = await handOver(link({ id: "l4" }));
    expect(view.getByTestId("hand-over-language").querySelectorAll("option").length).toBeGreaterThanOrEqual(
      8,
    );
    const zone = view.getByTestId("hand-over-zone");
    await fireEvent.click(zone);
    expect(view.getAllByTestId("hand-over-zone-option").length).toBeGreaterThan(20);
    await fireEvent.keyDown(zone, { key: "Escape" });
    await waitFor(() => expect(view.queryByTestId("hand-over-zone-option")).toBeNull());
    expect(view.getByTestId("hand-over")).toBeTruthy();
    await fireEvent.keyDown(zone, { key: "Escape" });
    await waitFor(() => expect(view.queryByTestId("hand-over")).toBeNull());
  });

  it("stays where it is when the link ends, and says so", async () => {
    let now = link({ id: "l5" });
    const view = await handOver(now, { history_entry: () => now });
    expect(view.getByTestId("hand-over-copy-text")).toBeTruthy();
    now = { ...now, hasLink: false, expiresAt: Date.now() - 1 };
    await emit("history-changed", null);
    expect((await view.findByTestId("hand-over-no-link")).textContent).toContain("The link no longer works.");
    expect(view.getByTestId("hand-over-tab-text").getAttribute("aria-selected")).toBe("true");
  });

  it("says what a token without a link needs, and fills the form", async () => {
    const view = await handOver(entry({ id: "t1", label: "desk 2" }));
    // There is a token, so the snippet comes first.
    expect(view.getByTestId("hand-over-tab-embed").getAttribute("aria-selected")).toBe("true");
    await fireEvent.click(view.getByTestId("hand-over-tab-text"));
    expect(view.getByTestId("hand-over-no-link").textContent).toContain("There is no link to send.");
    expect(view.queryByTestId("hand-over-copy-text")).toBeNull();
    await fireEvent.click(view.getByTestId("hand-over-to-form"));
    await waitFor(() => expect(view.queryByTestId("hand-over")).toBeNull());
    expect(issue.label).toBe("desk 2");
  });

  it("copies snippet and cURL, saves the collection, and moves between its tabs by key", async () => {
    const view = await handOver(entry({ id: "t2" }), {
      copy_from_entry: () => ({ clearedAfterSeconds: 0 }),
      export_postman: () => "/home/a/run.postman_collection.json",
    });
    await fireEvent.click(view.getByTestId("hand-over-copy-embed"));
    const tab = (name: string) => view.getByTestId(`hand-over-tab-${name}`);
    await fireEvent.keyDown(tab("embed"), { key: "ArrowRight" });
    expect(document.activeElement).toBe(tab("curl"));
    await fireEvent.click(view.getByTestId("hand-over-copy-curl"));
    await waitFor(() =>
      expect(view.callsOf("copy_from_entry")).toEqual([
        { id: "t2", kind: "embed" },
        { id: "t2", kind: "curl" },
      ]),
    );
    await fireEvent.keyDown(tab("curl"), { key: "End" });
    await fireEvent.click(view.getByTestId("hand-over-save-postman"));
    await waitFor(() =>
      expect(view.container.ownerDocument.body.textContent).toContain("run.postman_collection.json"),
    );
    await fireEvent.keyDown(tab("postman"), { key: "ArrowRight" });
    expect(document.activeElement).toBe(tab("text"));
  });
});

describe("the link dialog", () => {
  it("shows the code on request only, black on white, and closes with Esc", async () => {
    const view = await openApp({ entry_qr: () => ({ size: 29, path: "M4 4h1v1h-1z" }) });
    issue.show(link());
    await view.findByTestId("link-qr");
    expect(view.callsOf("entry_qr")).toEqual([]);
    await fireEvent.click(view.getByTestId("link-qr"));
    const code = await view.findByTestId("qr-code");
    expect(code.getAttribute("viewBox")).toBe("0 0 29 29");
    expect(Number(code.getAttribute("width"))).toBeGreaterThanOrEqual(280);
    expect(code.querySelector("rect")?.getAttribute("fill")).toBe("#ffffff");
    expect(code.querySelector("path")?.getAttribute("fill")).toBe("#000000");
    await fireEvent.keyDown(document.activeElement ?? document.body, { key: "Escape" });
    await waitFor(() => expect(view.queryByTestId("link-dialog")).toBeNull());
  });

  it("says why there is no code, and tries again", async () => {
    let gone = true;
    const view = await openApp({
      entry_qr: () =>
        gone
          ? Promise.reject(error({ code: "token_gone", title: "The link is gone" }))
          : { size: 29, path: "" },
    });
    app.linkOf = link();
    expect((await view.findByTestId("error-block")).textContent).toContain("The link is gone");
    gone = false;
    await fireEvent.click(view.getByText("Try again"));
    await view.findByTestId("qr-code");
  });

  it("takes the code away when the link ends, by a newer one or by the clock", async () => {
    let now = link();
    const view = await openApp({
      entry_qr: () => ({ size: 29, path: "" }),
      reveal_link: () => "https://app.example/l/secret",
      history_entry: () => now,
    });
    app.linkOf = now;
    await view.findByTestId("qr-code");
    await fireEvent.click(view.getByTestId("reveal-link"));
    await view.findByTestId("link-text");
    now = { ...now, label: "renamed" };
    await emit("history-changed", null);
    await view.findByTitle("renamed");
    expect(view.callsOf("entry_qr")).toHaveLength(1);
    now = { ...now, link: { masked: MASKED, supersededAt: Date.now() } };
    await emit("history-changed", null);
    expect((await view.findByTestId("link-over")).textContent).toContain("a newer one");
    for (const id of ["qr-code", "link-text", "reveal-link", "link-dialog-copy"])
      expect(view.queryByTestId(id)).toBeNull();
    app.linkOf = link({ id: "l9", expiresAt: clock.now + 1000 });
    await view.findByTestId("qr-code");
    clock.now += 1001;
    await view.findByTestId("link-over");
    expect(view.queryByTestId("qr-code")).toBeNull();
  });

  it("closes when its entry was forgotten", async () => {
    const view = await openApp({
      entry_qr: () => ({ size: 29, path: "" }),
      history_entry: () => Promise.reject(error({ code: "no_such_thing" })),
    });
    app.linkOf = link();
    await view.findByTestId("qr-code");
    await emit("history-changed", null);
    await waitFor(() => expect(view.queryByTestId("link-dialog")).toBeNull());
  });

  it("opens by Ctrl+L, for a link that works", async () => {
    const view = await openApp({ entry_qr: () => ({ size: 29, path: "" }) });
    issue.show(link({ link: { masked: MASKED, supersededAt: 1 } }));
    await fireEvent.keyDown(window, { key: "l", ctrlKey: true });
    expect(app.linkOf).toBeNull();
    issue.show(link());
    await fireEvent.keyDown(window, { key: "l", ctrlKey: true });
    await view.findByTestId("link-dialog");
  });
});
