import { emit } from "@tauri-apps/api/event";
import { fireEvent, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { ListenerState, ReceivedWebhook } from "../src/lib/host";
import { runs } from "../src/lib/screens/history/state.svelte";
import { webhooks } from "../src/lib/screens/webhooks/state.svelte";
import { app } from "../src/lib/state/app.svelte";
import { entry, error } from "./host";
import { openScreen, received, report, startOver, type Answers } from "./some-webhooks";

beforeEach(startOver);

describe("the listener", () => {
  const ON: ListenerState = {
    state: "on",
    address: "http://127.0.0.1:41999/0123456789abcdef0123456789abcdef/",
    workspaceId: "demo",
  };

  async function openReceived(answers: Answers = {}) {
    const view = await openScreen(answers);
    await fireEvent.click(view.getByTestId("webhooks-tab-received"));
    return view;
  }

  it("is off until it is turned on, and then says where it is", async () => {
    const view = await openReceived({ start_listener: () => ON, stop_listener: () => ({ state: "off" }) });
    const toggle = view.getByTestId("listener-switch");
    expect(toggle.getAttribute("aria-checked")).toBe("false");
    expect(view.queryByTestId("listener-address")).toBeNull();
    expect(view.getByTestId("received-empty").textContent).toContain("Turn the listener on");
    await fireEvent.click(toggle);
    expect((await view.findByTestId("listener-address")).textContent).toBe(ON.address);
    expect(view.callsOf("start_listener")).toEqual([{ workspaceId: "demo" }]);
    expect(view.getByTestId("received-empty").textContent).toContain("finish it in the widget");
    await fireEvent.click(view.getByTestId("listener-copy"));
    expect(view.callsOf("copy_text")).toEqual([{ text: ON.address }]);
    await fireEvent.click(toggle);
    await waitFor(() => expect(toggle.getAttribute("aria-checked")).toBe("false"));
    expect(view.queryByTestId("listener-address")).toBeNull();
  });

  it("says why it did not start, and tries again", async () => {
    let refuse = true;
    const view = await openReceived({
      start_listener: () =>
        refuse ? Promise.reject(error({ title: "The listener did not start", field: null })) : ON,
    });
    await fireEvent.click(view.getByTestId("listener-switch"));
    expect((await view.findByTestId("error-block")).textContent).toContain("did not start");
    expect(view.getByTestId("listener-switch").getAttribute("aria-checked")).toBe("false");
    refuse = false;
    await fireEvent.click(view.getByTestId("listener-retry"));
    await view.findByTestId("listener-address");
    expect(view.queryByTestId("error-block")).toBeNull();
  });

  it("tries again what failed: to stop is not to start", async () => {
    let refuse = true;
    const view = await openReceived({
      listener: () => ON,
      stop_listener: () =>
        refuse ? Promise.reject(error({ title: "It did not stop", field: null })) : { state: "off" },
    });
    await view.findByTestId("listener-address");
    await fireEvent.click(view.getByTestId("listener-switch"));
    expect((await view.findByTestId("error-block")).textContent).toContain("It did not stop");
    refuse = false;
    await fireEvent.click(view.getByTestId("listener-retry"));
    await waitFor(() => expect(view.getByTestId("listener").dataset.state).toBe("off"));
    expect(view.queryByTestId("error-block")).toBeNull();
    expect(view.callsOf("start_listener")).toEqual([]);
  });

  it("claims nothing while it is not known, and reads again what could not be read", async () => {
    let refuse = true;
    const view = await openReceived({
      listener: () => (refuse ? Promise.reject(error({ title: "No answer", field: null })) : ON),
    });
    expect((await view.findByTestId("error-block")).textContent).toContain("No answer");
    expect(view.getByTestId("listener").dataset.state).toBe("unknown");
    expect(view.getByTestId("listener").textContent).not.toContain("Off");
    expect(view.queryByTestId("listener-switch")).toBeNull();
    refuse = false;
    await fireEvent.click(view.getByTestId("listener-retry"));
    await view.findByTestId("listener-address");
    expect(view.callsOf("start_listener")).toEqual([]);
    expect(view.callsOf("listener")).toHaveLength(2);
  });

  it("stays as it was switched when an earlier read answers late", async () => {
    const late: ((state: ListenerState) => void)[] = [];
    const view = await openReceived({
      listener: () => new Promise((resolve) => late.push(resolve)),
      start_listener: () => ON,
    });
    await webhooks.switchTo(true);
    await view.findByTestId("listener-address");
    late[0]?.({ state: "off" });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(view.getByTestId("listener").dataset.state).toBe("on");
  });

  it("can be moved to the workspace on screen", async () => {
    app.workspaceId = "w1";
    const view = await openReceived({
      listener: () => ON,
      start_listener: () => ({ ...ON, workspaceId: "w1" }),
    });
    await fireEvent.click(await view.findByTestId("listener-move"));
    expect(view.callsOf("start_listener")).toEqual([{ workspaceId: "w1" }]);
    await waitFor(() => expect(view.queryByTestId("listener-move")).toBeNull());
    expect(view.getByTestId("listener").textContent).toContain("Verified with the keys of Velmora");
  });

  it("shows what comes as it comes, the newest unless one was chosen", async () => {
    let list: ReceivedWebhook[] = [];
    const view = await openReceived({ listener: () => ON, received_webhooks: () => list });
    list = [received(1)];
    await emit("webhooks-changed");
    expect(await view.findAllByTestId("received-row")).toHaveLength(1);
    expect(view.getByTestId("verdict").dataset.verdict).toBe("valid");
    expect(view.getByTestId("received-said").textContent).toContain("WORKFLOW_COMPLETED received, valid");
    const invalid = report({ verdict: "invalid", reason: "Changed.", body: null });
    list = [received(2, { report: invalid, summary: "", attempt: 2 }), ...list];
    await emit("webhooks-changed");
    await waitFor(() => expect(view.getAllByTestId("received-row")).toHaveLength(2));
    const [newest, oldest] = view.getAllByTestId("received-row");
    expect(newest?.dataset.verdict).toBe("invalid");
    expect(newest?.textContent).toContain("no event named");
    expect(newest?.textContent).toContain("2nd delivery");
    expect(oldest?.textContent).not.toContain("delivery");
    expect(view.getByTestId("verdict").dataset.verdict).toBe("invalid");
    await fireEvent.click(oldest as HTMLElement);
    list = [received(3, { report: report({ verdict: "unknownKey" }) }), ...list];
    await emit("webhooks-changed");
    await waitFor(() => expect(view.getAllByTestId("received-row")).toHaveLength(3));
    expect(view.getByTestId("verdict").dataset.verdict).toBe("valid");
  });

  it("is walked by keys, and leads to the run", async () => {
    const list = [received(3), received(2), received(1, { runEntryId: "e1" })];
    const view = await openReceived({
      received_webhooks: () => list,
      history_entry: ({ id }) => entry({ id, label: "ticket 1" }),
    });
    const rows = await view.findAllByTestId("received-row");
    expect(view.queryByTestId("webhook-run")).toBeNull();
    const box = view.getByTestId("received-list");
    await fireEvent.keyDown(box, { key: "End" });
    expect(rows[2]?.getAttribute("aria-selected")).toBe("true");
    await fireEvent.keyDown(box, { key: "ArrowUp" });
    expect(rows[1]?.getAttribute("aria-selected")).toBe("true");
    expect(box.getAttribute("aria-activedescendant")).toBe(rows[1]?.id);
    await fireEvent.keyDown(box, { key: "End" });
    await fireEvent.click(view.getByTestId("webhook-run"));
    await waitFor(() => expect(app.screen).toBe("runs"));
    expect(runs.selected?.id).toBe("e1");
    expect(runs.open).toBe(true);
  });

  it("asks before the list is cleared", async () => {
    let list = [received(1)];
    const view = await openReceived({
      received_webhooks: () => list,
      clear_webhooks: () => {
        list = [];
        return null;
      },
    });
    await fireEvent.click(await view.findByTestId("received-clear"));
    await view.findByTestId("confirm");
    expect(view.callsOf("clear_webhooks")).toEqual([]);
    await fireEvent.click(view.getByTestId("confirm-yes"));
    expect(await view.findByTestId("received-empty")).toBeTruthy();
    expect(view.callsOf("clear_webhooks")).toHaveLength(1);
    expect(view.queryByTestId("verdict")).toBeNull();
  });

  it("keeps the list that was read when reading it again fails", async () => {
    let fail = false;
    const view = await openReceived({
      received_webhooks: () => (fail ? Promise.reject(error({ title: "Gone" })) : [received(1)]),
    });
    await view.findAllByTestId("received-row");
    fail = true;
    await emit("webhooks-changed");
    expect((await view.findByTestId("error-block")).textContent).toContain("Gone");
    expect(view.getAllByTestId("received-row")).toHaveLength(1);
    fail = false;
    await fireEvent.click(view.getByTestId("received-retry"));
    await waitFor(() => expect(view.queryByTestId("error-block")).toBeNull());
  });
});
