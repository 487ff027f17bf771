// A page that shows what others do: told by the server that something changed, it reads its parts again. A part in which
// someone types stays as it is until that is done. Without this file the page has its link "Laad opnieuw".
"use strict";

(() => {
  const place = document.querySelector("[data-live]");
  if (!place || !window.EventSource) return;
  const off = place.querySelector("[data-live-uit]"), on = place.querySelector("[data-live-aan]");
  const shown = (live) => { off.hidden = live; on.hidden = !live; };
  const typed = (field) => (field.tagName === "SELECT" ? [...field.options].some((one) => one.selected !== one.defaultSelected && field.value)
    : field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
    : field.type !== "hidden" && field.value !== field.defaultValue);
  const busy = (part) => [...part.querySelectorAll("input, textarea, select")].some(typed)
    || (part.contains(document.activeElement) && document.activeElement.matches("textarea, input, select"));
  let reading = false, again = false;

  async function read() {
    if (reading) { again = true; return; }
    reading = true;
    try {
      do {
        again = false;
        const answer = await fetch(place.dataset.liveStukken, { headers: { "HX-Request": "true" } });
        if (!answer.ok) break;
        swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } while (again);
    } catch { shown(false); } finally { reading = false; }
  }

  function swap(fresh) {
    for (const part of document.querySelectorAll("[data-live-stuk]")) {
      const next = fresh.getElementById(part.id);
      if (next && busy(part)) { part.dataset.liveLater = ""; continue; }
      replace(part, next);
    }
    for (const next of fresh.querySelectorAll("[data-live-stuk]")) {
      if (document.getElementById(next.id)) continue;
      const before = next.previousElementSibling?.id ? document.getElementById(next.previousElementSibling.id) : null;
      if (before) before.after(document.adoptNode(next)); else { location.reload(); return; }
    }
  }

  function replace(part, next) {
    const focus = part.contains(document.activeElement) ? document.activeElement : null;
    const said = part.dataset.melding;
    if (!next) { part.remove(); return; }
    if (part.innerHTML === next.innerHTML) return;
    const fresh = document.adoptNode(next);
    part.replaceWith(fresh);
    if (fresh.dataset.melding && fresh.dataset.melding !== said) announce(fresh.dataset.melding);
    if (focus) {
      const same = [...fresh.querySelectorAll("button, a, summary")].find((one) => one.textContent === focus.textContent);
      (same || document.getElementById("nu"))?.focus();
    }
  }

  document.addEventListener("focusout", () => setTimeout(() => {
    for (const part of document.querySelectorAll("[data-live-later]")) if (!busy(part)) { delete part.dataset.liveLater; read(); return; }
  }, 100));

  const source = new EventSource(place.dataset.live);
  source.addEventListener("open", () => shown(true));
  source.addEventListener("error", () => shown(false)); // the browser comes back by itself, with the last mark it saw
  source.addEventListener("veranderd", read);
  window.addEventListener("pagehide", () => source.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
