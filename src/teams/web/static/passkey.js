// Passkeys: a form fetches a question, the device answers it, and the answer goes with the form.
// Without this file, or in a browser that has no passkeys, these forms stay hidden and the other ways remain.
"use strict";

(() => {
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) return;

  async function answerOf(form) {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const reply = await fetch(form.dataset.vraag, { method: "POST", headers: { "X-CSRF-Token": token } });
    if (reply.redirected) { window.location.assign(reply.url); return null; } // first show again who you are
    if (!reply.ok) throw new Error(String(reply.status));
    const question = await reply.json();
    const given = form.dataset.passkey === "maak"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
    return JSON.stringify(given.toJSON());
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const field = form.querySelector('input[name="antwoord"]'), fault = form.querySelector("[data-mislukt]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (field.value) return;
      event.preventDefault();
      fault.textContent = "";
      try {
        const answer = await answerOf(form);
        if (answer === null) return;
        field.value = answer;
        form.requestSubmit();
      } catch {
        fault.textContent = fault.dataset.mislukt;
      }
    });
    window.addEventListener("pageshow", () => { field.value = ""; });
  }
})();
