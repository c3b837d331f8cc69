/* Values set right in place, and those added that were not read at all; both are judged again at once. */
"use strict";

(() => {
  const { root, base, words, byId, all, ask, say, remember, tell, finding, sheet, go } = window.review;

  const readValues = () => ask("values", "GET", `${base}/pages/${sheet.page}`, { target: "#page-values", swap: "innerHTML" });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".page-values") && event.target.open) readValues();
  }, true);
  root.addEventListener("page-asked", ({ detail }) => {
    if (document.querySelector(".page-values[open]")) readValues();
    const form = adding();
    if (!form || Number(form.dataset.page) === detail) return;
    picking?.giveUp();
    if (!form.elements.value?.value) askForm().then(fitField);
  });

  const put = (values) => ask("correction", "POST", `${base}/corrections`, { target: "#said", swap: "none", values });
  document.body.addEventListener("review:corrected", (event) => {
    const { correction } = event.detail;
    close();
    if (correction) remember(() => ask("correction", "DELETE", `${base}/corrections/${correction}`, { target: "#said", swap: "none" }));
    tell("corrected");
  });
  let picking = null;
  const close = () => {
    picking?.giveUp();
    all(".correcting").forEach((one) => one.remove());
  };

  // --- setting right -------------------------------------------------------------------------------

  const edit = (line) => {
    close();
    const { page, box, field, old } = line.dataset;
    go(Number(page), [JSON.parse(box)], "issue-spot value");
    const form = document.createElement("form");
    form.className = "correcting";
    const label = document.createElement("label"), input = document.createElement("input");
    const hint = document.createElement("p");
    label.textContent = `${words.right_value} · ${line.querySelector(".label").textContent}`;
    Object.assign(input, { name: "value", value: old, maxLength: 200, autocomplete: "off" });
    label.append(input);
    hint.className = "hint";
    hint.textContent = words.hint;
    const buttons = [["save", "submit"], ["cancel", "button"]].map(([word, type]) => {
      const button = document.createElement("button");
      Object.assign(button, { type, textContent: words[word], className: type === "submit" ? "primary" : "" });
      return button;
    });
    const back = () => { form.remove(); line.querySelector("[data-edit]").focus(); };
    buttons[1].addEventListener("click", back);
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); back(); } });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      put({ page, box, field, old, value: input.value });
    });
    form.append(label, ...buttons, hint);
    line.append(form);
    input.select();
    input.focus();
  };
  const editFirst = () => {
    const line = document.querySelector("#finding .values li:has([data-edit])");
    if (line) edit(line); else add();
  };

  // --- adding what was not read --------------------------------------------------------------------

  const adding = () => document.querySelector("#missed form");
  const askForm = () =>
    ask("missed", "GET", `${base}/pages/${sheet.page}/missed?issue=${finding().dataset.issue}`, { target: "#missed", swap: "innerHTML" });
  const add = async () => {
    if (!byId("missed")) { say(words.no_value, "warned"); return; }
    close();
    await askForm();
    fitField();
    adding()?.querySelector("select, button")?.focus();
  };
  // Whether a mark is there says its choice; all else is written.
  const chosen = (form) => form.elements.field.selectedOptions[0];
  const fitField = () => {
    const form = adding();
    if (!form?.elements.field) return;
    const written = chosen(form).dataset.value === undefined;
    form.querySelector("[data-written]").hidden = !written;
    form.elements.value.disabled = !written;
  };
  root.addEventListener("change", (event) => { if (event.target.closest("#missed form [name=field]")) fitField(); });
  const stop = () => { close(); document.querySelector("[data-add]")?.focus(); };

  const mark = async (form) => {
    const button = form.querySelector("[data-mark]");
    button.setAttribute("aria-pressed", "true");
    say(words.marking, "busy");
    picking = window.pickPlace(sheet, words.marking);
    const box = await picking.box;
    say("");
    button.setAttribute("aria-pressed", "false");
    if (!form.isConnected) return;
    if (!box) { button.focus(); return; }
    form.dataset.box = JSON.stringify(box);
    form.querySelector("[data-marked]").hidden = false;
    go(Number(form.dataset.page), [box], "issue-spot value");
    (form.elements.value.disabled ? form.querySelector(".primary") : form.elements.value).focus();
  };
  root.addEventListener("click", (event) => {
    const form = event.target.closest("#missed form");
    if (event.target.closest("[data-mark]")) mark(form);
    else if (event.target.closest("[data-stop]")) stop();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest("#missed")) return;
    event.stopPropagation();
    stop();
  });
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("#missed form");
    if (!form) return;
    event.preventDefault();
    const { value: field, dataset: { box, spot, value = form.elements.value.value } } = chosen(form);
    const place = form.dataset.box ?? box;
    if (spot && !place) { say(words.mark_first, "warned"); form.querySelector("[data-mark]").focus(); return; }
    put({ page: form.dataset.page, field, value, old: "", ...(place ? { box: place } : {}) });
  });

  Object.assign(window.review, { edit, editFirst, add });
})();
