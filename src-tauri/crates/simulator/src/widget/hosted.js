"use strict";
(() => {
  const address = new URL(location.href);
  const token = address.searchParams.get("token") ?? "";
  // The page of a link stands at `/<uuid>`.
  const link = address.pathname.slice(1) || undefined;
  const lang = address.searchParams.get("lang") ?? undefined;
  // The address goes into the browser's history; the token need not.
  address.searchParams.delete("token");
  history.replaceState(null, "", address);
  window.transactionlink_ready = () => {
    window.transactionlink.setOptions({ token, link, lang, inline: true, showCloseButton: false });
    window.transactionlink.open();
  };
})();
