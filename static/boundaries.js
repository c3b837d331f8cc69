/* The strip of pages: choosing one, and the strip anew once the correction was judged. */
"use strict";

(() => {
  const root = document.getElementById("boundaries"), said = document.getElementById("said");
  const base = `/archives/${root.dataset.archive}`;
  let run = root.dataset.run, chosen = "", corrected = false, timer = 0;

  const choose = (page) => {
    chosen = page;
    for (const one of document.querySelectorAll(".piece button")) one.setAttribute("aria-pressed", String(one.dataset.page === page));
  };
  document.addEventListener("click", (event) => {
    const sheet = event.target.closest(".piece button");
    if (sheet) choose(sheet.dataset.page);
  });
  // Arrows go from page to page.
  root.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches(".piece button")) return;
    const all = [...document.querySelectorAll(".piece button")];
    all[all.indexOf(event.target) + step]?.focus();
    event.preventDefault();
  });

  document.body.addEventListener("boundaries:corrected", () => {
    corrected = true;
    said.textContent = root.dataset.judging;
    watch();
  });
  const watch = async () => {
    clearTimeout(timer);
    try {
      const answer = await fetch(`${base}/review/state`, { cache: "no-store" });
      if (answer.ok) await compare(await answer.json());
    } catch { /* the server is away for a moment */ }
    timer = setTimeout(watch, corrected ? 400 : 5000);
  };
  const compare = async (told) => {
    if (told.run === run) {
      if (corrected && !told.busy) { corrected = false; said.textContent = root.dataset.failed; }
      return;
    }
    run = told.run;
    corrected = false;
    const focused = document.activeElement?.id;
    await htmx.ajax("GET", `${base}/boundaries`, { source: root, target: "#strip", swap: "outerHTML" });
    await htmx.ajax("GET", `${base}/review/outcome`, { source: root, target: "#said", swap: "innerHTML" });
    if (!chosen) return;
    await htmx.ajax("GET", `${base}/boundaries/pages/${chosen}`, { source: root, target: "#sheet", swap: "innerHTML" });
    choose(chosen);
    if (focused) document.getElementById(focused)?.focus();
  };
  const small = window.thumbnails();
  const draw = () => small([...document.querySelectorAll("#strip img")]);
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt.id === "strip") draw(); });
  draw();
  timer = setTimeout(watch, 5000);
})();
