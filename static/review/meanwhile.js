/* What happens while somebody reviews: others decide, a correction is judged, a new check ends. */
"use strict";

(() => {
  const { root, base, words, byId, ask, say, busy, items, current, item, versions, point, select } = window.review;
  let run = root.dataset.run, timer = 0, tag = "", corrected = false;

  const watch = async (soon = false) => {
    clearTimeout(timer);
    let judging = false;
    try {
      const answer = await fetch(`${base}/state`, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.status === 401 || answer.redirected) { location.reload(); return; }
      if (answer.ok) { tag = answer.headers.get("ETag"); judging = await compare(await answer.json()); }
      else judging = corrected;
    } catch { /* the server is away for a moment */ }
    timer = setTimeout(watch, soon || judging || corrected ? 400 : 3000);
  };
  const compare = async (told) => {
    if (told.run !== run) { run = told.run; await judged(told); }
    else if (!told.busy && corrected) { corrected = false; say(words.judged_in_vain, "warned"); }
    else if (!busy()) {
      // what was told before one's own last decision is older than what is known
      const changed = Object.keys(told.versions).filter((issue) => !(told.versions[issue] <= versions[issue]));
      for (const issue of changed) versions[issue] = told.versions[issue];
      if (changed.length) {
        await relist();
        say(words.others, "warned");
        if (changed.includes(String(current()))) select(current());
      }
    }
    return Boolean(told.busy);
  };
  const relist = async () => {
    const top = byId("issues").scrollTop;
    await ask("list", "GET", `${base}?${new URLSearchParams(new FormData(byId("filters")))}`, { target: "#issues", swap: "outerHTML" });
    byId("issues").scrollTop = top;
    point(current(), false);
  };
  const judged = async (told) => {
    const at = items().findIndex((one) => Number(one.dataset.issue) === current());
    const before = current(), mine = corrected;
    corrected = false;
    for (const issue of Object.keys(versions)) delete versions[issue];
    Object.assign(versions, told.versions);
    await relist();
    ask("outcome", "GET", `${base}/outcome`, { target: "#said", swap: "innerHTML" });
    byId("said").dataset.kind = mine ? "done" : "warned";
    const typing = document.querySelector(".correcting, dialog[open]");
    if (typing) return;
    if (item(before)) { select(before); return; }
    const to = items()[Math.min(Math.max(0, at), items().length - 1)];
    if (to) select(Number(to.dataset.issue));
  };

  root.addEventListener("corrected", () => {
    corrected = true;
    say(words.judging, "busy");
    watch(true);
  });
  timer = setTimeout(watch, 3000);
})();
