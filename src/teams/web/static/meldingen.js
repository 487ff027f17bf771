// The bell: while this page is in sight, the server says when there is a new notice, and the bell is drawn again.
// Only a page in sight listens, so that many open tabs hold one stream. Without this file the count is that of the page.
"use strict";

(() => {
  let bell = document.getElementById("meldingen-bel"), source = null, opened = false;
  if (!bell?.dataset.volg || !window.EventSource) return;

  async function read() {
    try {
      const answer = await fetch("/meldingen/bel", { headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("meldingen-bel");
      if (!next || next.innerHTML === bell.innerHTML) return;
      const more = Number.parseInt(next.dataset.zin.match(/\d+/), 10) > Number.parseInt(bell.dataset.zin.match(/\d+/), 10);
      const fresh = document.adoptNode(next), focus = document.activeElement === bell;
      bell.replaceWith(fresh);
      bell = fresh;
      if (focus) bell.focus();
      if (more) announce(bell.dataset.zin);
    } catch { /* the next sign, or the next page, tells */ }
  }

  function listen() {
    if (source || document.hidden) return;
    source = new EventSource(bell.dataset.volg);
    source.addEventListener("open", () => { if (opened) read(); opened = true; });
    source.addEventListener("veranderd", read);
  }

  function leave() { source?.close(); source = null; }

  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else listen(); });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { read(); listen(); } });
  listen();
})();
