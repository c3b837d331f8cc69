/* What the parts of the review share: the archive, its words, requests by htmx, saying what happened. */
"use strict";

window.review = (() => {
  const root = document.getElementById("review");
  const base = `/archives/${root.dataset.archive}/review`;
  const api = `/api/v1/archives/${root.dataset.archive}`;
  const words = JSON.parse(root.dataset.words);
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const spots = (text) => (text || "").split(";").filter(Boolean).map((one) => {
    const [page, box] = one.split(":");
    return { page: Number(page), box: box.split(",").map(Number) };
  });

  // htmx sends one request of an element at a time: each kind of request has an element of its own, and a later
  // one takes the place of an earlier one that is not answered yet.
  const askers = {};
  const ask = async (kind, method, url, settings) => {
    if (!askers[kind]) {
      askers[kind] = document.createElement("span");
      askers[kind].hidden = true;
      askers[kind].setAttribute("hx-sync", "this:replace");
      root.append(askers[kind]);
    }
    try { await htmx.ajax(method, url, { source: askers[kind], ...settings }); }
    catch { /* replaced by a later one, or the server is away, which app.js says */ }
  };

  const say = (text, kind = "done") => { const said = byId("said"); said.textContent = text; said.dataset.kind = kind; };

  // While something is on its way, nothing is decided: a decision is on what was seen.
  let under_way = 0;
  const waiting = async (what) => {
    under_way += 1;
    root.dataset.busy = "";
    try { return await what(); }
    finally { under_way -= 1; if (!under_way) delete root.dataset.busy; }
  };

  // What to do to take back the last steps, the latest last.
  const undoes = [];
  const remember = (what) => { undoes.push(what); byId("undo").hidden = false; };
  const undo = () => { if (under_way) return; const last = undoes.pop(); byId("undo").hidden = !undoes.length; last?.(); };

  const tell = (what, detail) => root.dispatchEvent(new CustomEvent(what, { detail }));
  return { root, base, api, words, byId, all, spots, ask, say, waiting, busy: () => under_way > 0, remember, undo, tell, finding: () => byId("finding") };
})();
