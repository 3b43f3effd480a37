"use strict";
(() => {
  const block = document.getElementById("preview-config");
  const config = JSON.parse(block.textContent);
  block.remove();
  const { token, hostedUrl, scriptUrl, frameOrigin, mode, lang, loadTimeoutMs } = config;
  const framed = window.parent !== window;

  // Text only, and never the token: an error message may quote it.
  const clean = (value) => {
    let text;
    try {
      text = value instanceof Error ? `${value.name}: ${value.message}` : String(value);
    } catch {
      text = "unreadable value";
    }
    if (token) text = text.split(token).join("[token]");
    if (hostedUrl) text = text.split(hostedUrl).join("[hosted page]");
    return text.replace(/eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, "[token]").slice(0, 300);
  };
  const report = (type, detail = {}) => {
    if (!framed) return;
    const message = { source: "tokendesk-preview", type, at: Date.now() };
    for (const [key, value] of Object.entries(detail)) {
      message[key] = typeof value === "number" || typeof value === "boolean" ? value : clean(value);
    }
    window.parent.postMessage(message, frameOrigin);
  };

  window.addEventListener("error", (event) => {
    if (event.message) report("script-error", { text: event.message, where: `line ${event.lineno}` });
  });
  window.addEventListener("unhandledrejection", (event) => report("rejection", { text: event.reason }));
  document.addEventListener("securitypolicyviolation", (event) => {
    let host = event.blockedURI;
    let secure = false;
    try {
      const url = new URL(event.blockedURI);
      host = url.host;
      secure = url.protocol === "https:" || url.protocol === "wss:";
    } catch {
      // "inline", "eval" and the like have no host.
    }
    report("blocked", { host, directive: event.effectiveDirective, secure });
  });
  const devices = navigator.mediaDevices;
  if (devices && devices.getUserMedia) {
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wanted) => {
      try {
        return await ask(wanted);
      } catch (error) {
        report("camera-refused", { text: error && error.name, video: Boolean(wanted && wanted.video) });
        throw error;
      }
    };
  }

  if (mode === "hosted") {
    if (!hostedUrl) {
      report("no-hosted-page");
      return;
    }
    if (!framed) {
      // In a browser of its own it is the page itself, and its address is not kept.
      location.replace(hostedUrl);
      return;
    }
    const hosted = document.createElement("iframe");
    hosted.className = "hosted";
    hosted.title = "Hosted page";
    hosted.referrerPolicy = "no-referrer";
    hosted.allow = "camera; microphone";
    hosted.addEventListener("load", () => report("hosted-loaded"), { once: true });
    hosted.src = hostedUrl;
    document.querySelector("transactionlink-widget").replaceWith(hosted);
    report("hosted-opened");
    return;
  }

  const started = performance.now();
  const since = () => Math.round(performance.now() - started);
  let settled = false;
  const timer = setTimeout(() => {
    if (settled) return;
    settled = true;
    report("load-timeout", { ms: loadTimeoutMs });
  }, loadTimeoutMs);

  let loaded = false;
  const scriptLoaded = () => {
    if (!loaded) report("script-loaded", { ms: since() });
    loaded = true;
  };

  let begun = false;
  window.transactionlink_ready = () => {
    if (begun) return;
    begun = true;
    settled = true;
    clearTimeout(timer);
    scriptLoaded();
    report("ready", { ms: since() });
    const api = window.transactionlink;
    try {
      if (typeof api.on === "function") {
        for (const name of ["widget-opened", "widget-closed", "error", "workflow-finished"]) {
          api.on(name, (data) => {
            const text = data === undefined ? "" : data && data.message ? data.message : typeof data === "object" ? JSON.stringify(data) : data;
            report("widget-event", { name, text });
          });
        }
      } else {
        report("no-events");
      }
      const options = { token, inline: mode === "inline" };
      if (mode === "inline") options.autoHeight = true;
      if (lang) options.lang = lang;
      api.setOptions(options);
      report("set-options", { inline: options.inline, lang: lang || "" });
      api.open();
      report("open");
    } catch (error) {
      report("start-failed", { text: error });
    }
  };

  const script = document.createElement("script");
  script.src = scriptUrl;
  script.addEventListener("load", scriptLoaded);
  script.addEventListener("error", () => {
    settled = true;
    clearTimeout(timer);
    report("script-failed", { ms: since() });
  });
  document.body.append(script);
})();
