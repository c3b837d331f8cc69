/* What every page does beside htmx: messages, focus, dialogs. No inline scripts: see the Content-Security-Policy. */
"use strict";

(() => {
  const messages = () => document.getElementById("messages");

  // A message of an earlier step goes when the next one begins.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.detail.requestConfig.triggeringEvent || event.detail.elt.closest("[data-quiet]")) return;
    if (event.detail.requestConfig.verb !== "get") messages().replaceChildren();
  });

  // A refusal is read out and seen, wherever on the page somebody is.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === messages()) messages().scrollIntoView({ block: "nearest" });
  });

  document.addEventListener("htmx:sendError", () => {
    const words = document.documentElement.lang === "en" ? "The server cannot be reached. Try again." : "连不上服务器，请稍后再试";
    const message = document.createElement("p");
    message.className = "message refused";
    message.setAttribute("role", "alert");
    message.textContent = words;
    messages().replaceChildren(message);
  });

  // A field with a fault says so to those who cannot see its colour.
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const fault = event.detail.elt;
    if (!fault || !fault.classList || !fault.classList.contains("fault")) return;
    const field = document.getElementById(fault.id.replace("fault-", "fact-"));
    if (field) field.toggleAttribute("aria-invalid", false);
    if (field && fault.textContent) field.setAttribute("aria-invalid", "true");
  });

  // Empty fields of a filter stay out of the address.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    for (const [name, value] of [...event.detail.formData.entries()]) {
      if (value === "") event.detail.formData.delete(name);
    }
  });

  // <button data-dialog="id"> opens a <dialog>; <button data-close> closes the one it stands in.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
  });
})();
