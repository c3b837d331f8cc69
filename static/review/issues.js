/* From issue to issue, and what is decided on each. */
"use strict";

(() => {
  const { root, base, words, byId, all, spots, ask, say, waiting, busy, remember, finding, go, crops, imageUrl } = window.review;
  const items = () => all("#issues li");
  const current = () => Number(finding().dataset.issue || 0);
  const item = (issue) => byId(`issue-${issue}`);
  const by = () => document.querySelector("#filters [name=by]:checked").value;
  const versions = {};                  // of each issue, as far as this window has heard
  items().forEach((one) => { versions[one.dataset.issue] = Number(one.dataset.version); });

  // Loaded anew, the page shows the same list and the same issue.
  const address = (issue) => {
    const filled = [...new FormData(byId("filters"))].filter(([, value]) => value);
    return `?${new URLSearchParams([...filled, ["issue", issue]])}`;
  };
  const point = (issue, scroll = true) => {
    all("#issues a[aria-current]").forEach((one) => one.removeAttribute("aria-current"));
    const link = item(issue)?.querySelector("a");
    link?.setAttribute("aria-current", "true");
    if (scroll && link) inView(byId("issues"), link);
  };
  // Within its list alone: on a phone the page stays where it is. A group's name covers the list's top.
  const inView = (list, one) => {
    const outer = list.getBoundingClientRect(), inner = one.getBoundingClientRect();
    if (inner.top < outer.top + 36) list.scrollTop += inner.top - outer.top - 36;
    else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom + 8;
  };

  // Shows what the finding at hand is about.
  let spot = 0;
  const look = (number = 0) => {
    const { pages, spots: told } = finding().dataset;
    const found = spots(told), listed = JSON.parse(pages || "[]");
    const order = [...new Set([...found.map((one) => one.page), ...listed])];
    if (!order.length) return;
    const places = order.flatMap((page) => {
      const here = found.filter((one) => one.page === page);
      return here.length ? here.map((one) => ({ page, first: one.box, boxes: here.map((other) => other.box) })) : [{ page, boxes: [] }];
    });
    spot = number % places.length;
    const { page, first, boxes } = places[spot];
    go(page, first ? [first, ...boxes.filter((box) => box !== first)] : []);
  };

  let asked = 0;
  const select = async (issue, { focus = false } = {}) => {
    const turn = ++asked;
    point(issue);
    history.replaceState(null, "", address(issue));
    await waiting(() => ask("finding", "GET", `${base}/issues/${issue}`, { target: "#finding", swap: "outerHTML" }));
    if (turn !== asked) return;
    begin(focus);
  };
  const begin = (focus = false) => {
    look();
    crops();
    if (focus) finding().focus();
    document.documentElement.dataset.issue = current();
  };

  // The next issue's page is fetched while this one is looked at.
  root.addEventListener("page-shown", () => {
    const next = step(1);
    const pages = next && JSON.parse(next.dataset.pages || "[]");
    if (pages?.length) new Image().src = imageUrl(pages[0]);
  });
  const step = (by) => {
    const list = items(), at = list.findIndex((one) => Number(one.dataset.issue) === current());
    return at < 0 ? list[0] : list[at + by];
  };
  const move = (by) => { const to = step(by); if (to) select(Number(to.dataset.issue)); };
  const nextOpen = () => {
    const list = items(), at = list.findIndex((one) => Number(one.dataset.issue) === current());
    return [...list.slice(at + 1), ...list.slice(0, Math.max(0, at))].find((one) => one.dataset.state === "open");
  };

  byId("issues").parentElement.addEventListener("click", (event) => {
    const link = event.target.closest("li a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    select(Number(link.closest("li").dataset.issue));
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "issues" || event.detail.elt?.id === "issues") point(current(), false);
  });

  // --- deciding ------------------------------------------------------------------------------------

  const send = (issue, values) =>
    waiting(() => ask("decision", "POST", `${base}/issues/${issue}?by=${by()}`, { target: "#finding", swap: "none", values }));
  const decide = (state, reason = "", note = "") => {
    const { issue, version, state: before, reason: gave, note: noted } = finding().dataset;
    if (busy() || !issue || !finding().querySelector(".decide")) return;
    pending = { issue, said: words[state], before: { state: before, reason: gave, note: noted } };
    send(issue, { state, reason, note, version });
  };
  let pending = null;
  document.body.addEventListener("review:decided", async (event) => {
    const { issue, version } = event.detail;
    versions[issue] = version;
    const done = pending;
    pending = null;
    if (done?.undoing) { say(words.undone); await select(issue); return; }
    if (done) {
      remember(() => { pending = { undoing: true }; send(issue, { ...done.before, version: versions[issue] }); });
      const what = item(issue)?.querySelector(".what")?.textContent.trim().replace(/\s+/g, " ") ?? "";
      say(`${done.said} ${what}`);
    }
    const next = nextOpen();
    if (next) { select(Number(next.dataset.issue)); return; }
    say(words.finished);
    await select(issue);
  });
  const dismiss = () => { if (!busy() && finding().querySelector("[data-dismiss]")) { byId("dismiss-note").value = ""; byId("reasons").showModal(); } };
  byId("reasons").addEventListener("click", (event) => {
    const { reason } = event.target.closest("[data-reason]")?.dataset ?? {};
    if (reason) { byId("reasons").close(); decide("dismissed", reason, byId("dismiss-note").value); }
  });
  byId("reasons").addEventListener("keydown", (event) => {
    if (event.target.matches("textarea") || !/^[1-9]$/.test(event.key)) return;
    all("[data-reason]", byId("reasons"))[Number(event.key) - 1]?.click();
    event.preventDefault();
  });

  Object.assign(window.review, {
    items, current, item, versions, point, select, begin, move, decide, dismiss, lookNext: () => look(spot + 1),
  });
})();
