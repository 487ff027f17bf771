// What a page does beyond links and forms: the token of the session, focus, announcements, no double sending, folds.
"use strict";

const melding = document.getElementById("melding");
const storing = document.getElementById("storing");
const LET_GO = 10000; // a form that leads to a download never leaves the page
const busyForms = new WeakMap();

function announce(text) {
  melding.textContent = "";
  setTimeout(() => { melding.textContent = text; }, 50);
}

// One sending per form. The button stays focusable: aria-disabled, not disabled.
function hold(form, submitter) {
  form.dataset.bezig = "";
  submitter?.setAttribute("aria-disabled", "true");
  const slow = setTimeout(() => announce(document.body.dataset.bezigTekst), 1000);
  busyForms.set(form, { slow, submitter });
}

function release(form) {
  const held = busyForms.get(form);
  if (!held) return;
  clearTimeout(held.slow);
  held.submitter?.removeAttribute("aria-disabled");
  delete form.dataset.bezig;
  busyForms.delete(form);
}

document.addEventListener("submit", (event) => {
  if (busyForms.has(event.target)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return; // htmx has prevented it when it sends the form itself
  hold(form, event.submitter);
  setTimeout(() => release(form), LET_GO);
});

window.addEventListener("pageshow", () => document.querySelectorAll("form[data-bezig]").forEach(release));

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token && ctx.request.method !== "GET") ctx.request.headers["X-CSRF-Token"] = token.content;
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  storing.replaceChildren();
  if (ctx.request.form && ctx.request.method !== "GET") hold(ctx.request.form, ctx.request.submitter);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.request.form) release(ctx.request.form);
});

// The server is down or out of reach: nothing is swapped, what was typed stays.
function disturbance({ detail: { ctx } }) {
  if (!ctx || (ctx.response && ctx.response.status < 500)) return;
  storing.replaceChildren(document.getElementById("storing-tekst").content.cloneNode(true));
}
document.addEventListener("htmx:error", disturbance);
document.addEventListener("htmx:response:error", disturbance);

document.addEventListener("htmx:after:settle", ({ detail: { newContent } }) => {
  const find = (selector) => {
    for (const node of newContent.filter((item) => item.nodeType === Node.ELEMENT_NODE)) {
      const found = node.matches(selector) ? node : node.querySelector(selector);
      if (found) return found;
    }
    return null;
  };
  const said = find("[data-melding]");
  if (said) announce(said.dataset.melding || said.textContent.trim());
  find("[data-focus]")?.focus();
  newContent.forEach((node) => node.nodeType === Node.ELEMENT_NODE && openFrom(node));
});

// A fold with data-open-vanaf="62em" stands open on screens from that width.
function openFrom(root) {
  const folds = [...root.querySelectorAll("details[data-open-vanaf]")];
  if (root.matches?.("details[data-open-vanaf]")) folds.push(root);
  for (const fold of folds) {
    const wide = window.matchMedia(`(min-width: ${fold.dataset.openVanaf})`);
    const follow = () => { fold.open = wide.matches; };
    follow();
    wide.addEventListener("change", follow);
  }
}
openFrom(document);

// Menus close on Escape and on a click beside them; on a wide screen the menu bar has no button and stays.
const openMenus = () => [...document.querySelectorAll("details[data-menu][open]")]
  .filter((menu) => menu.querySelector("summary").offsetParent !== null);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

// '/' leads to the search box, unless one is typing or has put it off (WCAG 2.1.4).
const shortcutOff = () => { try { return localStorage.getItem("sneltoets") === "uit"; } catch { return false; } };

document.addEventListener("keydown", (event) => {
  const box = document.querySelector("[data-sneltoets]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !box || shortcutOff()) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  box.focus();
  box.select();
});

for (const button of document.querySelectorAll("[data-sneltoets-aan]")) {
  const [on, off] = [button.textContent, button.dataset.uit];
  const draw = () => { button.textContent = shortcutOff() ? off : on; };
  button.hidden = false;
  draw();
  button.addEventListener("click", () => {
    try { localStorage.setItem("sneltoets", shortcutOff() ? "aan" : "uit"); } catch { /* nothing is kept here */ }
    draw();
  });
}

// After a plain form was refused the page comes back whole: focus goes to what must be read first.
document.querySelector("[data-focus-bij-laden]")?.focus();
