/* The review: what is clicked and typed. Its parts are in the files beside this one. */
"use strict";

(() => {
  const {
    root, byId, undo, sheet, go, spotsOn, sideBySide, compareOther, switchSelecting, current, point, begin, move,
    decide, dismiss, lookNext, edit, editFirst, add,
  } = window.review;

  const tools = {
    previous: () => go(sheet.page - 1), next: () => go(sheet.page + 1), in: () => sheet.zoom(1.4), out: () => sheet.zoom(1 / 1.4),
    fit: () => sheet.fit(), width: () => sheet.width(), turn: () => sheet.turn(), text: switchSelecting,
  };
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-go], [data-beside], [data-edit], [data-add], [data-tool], [data-decide], [data-dismiss]");
    if (!target) return;
    const place = target.closest("[data-page]");
    const boxes = place?.dataset.box ? [JSON.parse(place.dataset.box)] : [];
    if ("edit" in target.dataset) edit(target.closest("li"));
    else if ("add" in target.dataset) add();
    else if ("beside" in target.dataset) sideBySide(Number(place.dataset.page), boxes);
    else if ("go" in target.dataset) {
      const page = Number(place.dataset.page);
      go(page, boxes.length ? boxes : spotsOn(page), boxes.length ? "issue-spot value" : "issue-spot");
    } else if (target.dataset.tool) tools[target.dataset.tool]();
    else if (target.dataset.decide) decide(target.dataset.decide);
    else dismiss();
  });
  byId("undo").addEventListener("click", undo);

  const keys = {
    j: () => move(1), k: () => move(-1), a: () => decide("confirmed"), r: dismiss, u: () => decide("illegible"), e: editFirst,
    m: add, z: undo, g: () => { byId("to-page-form").reset(); byId("to-page").showModal(); }, "?": () => byId("keys").showModal(),
    "[": tools.previous, "]": tools.next, n: lookNext, "+": tools.in, "=": tools.in, "-": tools.out, 0: tools.fit,
    w: tools.width, t: tools.turn, c: compareOther, x: tools.text, "/": () => byId("search").elements.text.focus(),
  };
  const kept = "archive-verify-single-keys";
  byId("use-keys").checked = localStorage.getItem(kept) !== "off";
  byId("use-keys").addEventListener("change", (event) => localStorage.setItem(kept, event.target.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && !byId("found").hidden) { byId("found").hidden = true; return; }
    if (event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select, .picking")) return;
    const act = keys[event.key.toLowerCase()];
    if (!act || !byId("use-keys").checked) return;
    event.preventDefault();
    act();
  });

  point(current());
  if (new URLSearchParams(location.search).has("page")) go(Number(root.dataset.first)); else begin();
  if (!sheet.page) go(Number(root.dataset.first));
})();
