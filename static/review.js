/* The review: the page viewer, the way from issue to issue, decisions, corrections, what others do meanwhile. */
"use strict";

(() => {
  const root = document.getElementById("review");
  const base = `/archives/${root.dataset.archive}/review`;
  const api = `/api/v1/archives/${root.dataset.archive}`;
  const words = JSON.parse(root.dataset.words);
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const undoes = [];                    // what to do to take back the last steps, the latest last
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

  // --- saying what happened ------------------------------------------------------------------------

  const say = (text, kind = "done") => { const said = byId("said"); said.textContent = text; said.dataset.kind = kind; };

  // --- the page viewer -----------------------------------------------------------------------------

  const imageUrl = (page, width = 1600) => `${api}/pages/${page}/image?width=${width}`;
  const thumbs = new Map(all("#thumbs button").map((one) => [Number(one.dataset.page), one]));
  const sheet = new Sheet(byId("viewer"), imageUrl, words.no_image);
  let beside = null;

  const go = (page, boxes = [], kind = "issue-spot") => {
    const thumb = thumbs.get(page);
    if (!thumb) { say(words.no_page, "warned"); return; }
    all("#thumbs [aria-current]").forEach((one) => one.removeAttribute("aria-current"));
    thumb.setAttribute("aria-current", "page");
    const strip = byId("thumbs");
    strip.scrollTop += thumb.getBoundingClientRect().top - strip.getBoundingClientRect().top - strip.clientHeight / 2 + 50;
    byId("page").value = page;
    const number = thumb.querySelector("small")?.textContent;
    byId("page-what").textContent = [number, thumb.dataset.type].filter(Boolean).join(" · ");
    all("#finding .places button").forEach((one) => one.toggleAttribute("aria-current", Number(one.dataset.page) === page));
    sheet.show(page, boxes, kind);
    if (document.querySelector(".page-values[open]")) readValues();
  };

  // Thumbnails come after the page itself.
  const small = window.thumbnails(byId("thumbs"));
  let begun = false;
  sheet.opened = (page) => {
    if (!begun) { begun = true; small(all("#thumbs img")); }
    crops();
    readText(page);
    ahead();
  };

  const sideBySide = (page, boxes) => {
    byId("beside").hidden = byId("alone").hidden = false;
    beside ??= new Sheet(byId("beside"), imageUrl, words.no_image);
    beside.show(page, boxes, "issue-spot value");
  };
  const alone = () => { byId("beside").hidden = byId("alone").hidden = true; };

  // The pictures beside the values: cut out of the page's image.
  const cut = new IntersectionObserver((seen) => {
    for (const { target } of seen.filter((entry) => entry.isIntersecting)) { cut.unobserve(target); draw(target); }
  });
  const crops = () => { if (begun) all("canvas[data-crop]:not([data-drawn])").forEach((one) => cut.observe(one)); };
  const draw = async (canvas) => {
    canvas.dataset.drawn = "";
    const image = new Image();
    image.src = imageUrl(canvas.dataset.page);
    try { await image.decode(); } catch { canvas.hidden = true; return; }
    const [x0, y0, x1, y1] = JSON.parse(canvas.dataset.box);
    const top = Math.max(0, y0 - 0.006), height = Math.min(1, y1 + 0.006) - top;
    const left = Math.max(0, x0 - 0.02), width = Math.min(1, Math.max(x1 + 0.02, left + 0.4)) - left;
    canvas.width = Math.round(width * image.naturalWidth);
    canvas.height = Math.round(height * image.naturalHeight);
    canvas.style.height = `${Math.min(160, canvas.clientWidth * canvas.height / canvas.width)}px`;
    canvas.style.objectFit = "contain";
    canvas.getContext("2d").drawImage(image, left * image.naturalWidth, top * image.naturalHeight, canvas.width, canvas.height, 0, 0, canvas.width, canvas.height);
  };

  // --- the text layer ------------------------------------------------------------------------------

  let layer = null, looked = "";
  const squeezed = (text) => text.normalize("NFKC").replace(/\s+/g, "").toLowerCase();
  const readText = async (page) => {
    if (layer) { sheet.viewer.removeOverlay(layer); layer = null; }
    const answer = await fetch(`${api}/pages/${page}/text`);
    if (!answer.ok || sheet.page !== page) return;
    const { lines } = await answer.json();
    if (sheet.page !== page) return;
    layer = document.createElement("div");
    layer.className = "text-layer";
    for (const { text, box: [x0, y0, x1, y1] } of lines) {
      const span = document.createElement("span");
      span.textContent = text;
      Object.assign(span.style, {
        left: `${100 * x0}%`, top: `${100 * y0}%`, width: `${100 * (x1 - x0)}%`, height: `${100 * (y1 - y0)}%`,
        fontSize: `${Math.min(86 * (y1 - y0), 104 * (x1 - x0) / Math.max(1, text.length) / sheet.aspect)}cqh`,
      });
      layer.append(span);
    }
    for (const kind of ["pointerdown", "mousedown", "dblclick"]) layer.addEventListener(kind, (event) => event.stopPropagation());
    sheet.viewer.addOverlay({ element: layer, location: new OpenSeadragon.Rect(0, 0, 1, sheet.aspect) });
    selecting(pressed("text"));
    hits();
  };
  const pressed = (name) => document.querySelector(`[data-tool="${name}"]`).getAttribute("aria-pressed") === "true";
  const selecting = (on) => {
    document.querySelector('[data-tool="text"]').setAttribute("aria-pressed", on);
    layer?.classList.toggle("on", on);
  };
  const hits = () => {
    const wanted = squeezed(looked);
    if (layer) for (const span of layer.children) span.classList.toggle("hit", Boolean(wanted) && squeezed(span.textContent).includes(wanted));
  };
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    looked = event.target.elements.text.value.trim();
    hits();
    byId("found").hidden = !looked;
    if (!looked) return;
    byId("found").textContent = words.searching;
    ask("words", "POST", `${base}/search`, { target: "#found", swap: "innerHTML", values: { text: looked } });
  });
  byId("search").addEventListener("input", (event) => {
    if (event.target.value) return;
    looked = "";
    hits();
    byId("found").hidden = true;
  });

  const readValues = () => ask("values", "GET", `${base}/pages/${sheet.page}`, { target: "#page-values", swap: "innerHTML" });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".page-values") && event.target.open) readValues();
  }, true);

  // --- the issues ----------------------------------------------------------------------------------

  const finding = () => byId("finding");
  const items = () => all("#issues li");
  const current = () => Number(finding().dataset.issue || 0);
  const item = (issue) => byId(`issue-${issue}`);
  const by = () => document.querySelector("#filters [name=by]:checked").value;

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

  // While something is on its way, nothing is decided: a decision is on what was seen.
  let under_way = 0;
  const waiting = async (what) => {
    under_way += 1;
    root.dataset.busy = "";
    try { return await what(); }
    finally { under_way -= 1; if (!under_way) delete root.dataset.busy; }
  };

  let asked = 0;
  const select = async (issue, { focus = false } = {}) => {
    const turn = ++asked;
    point(issue);
    history.replaceState(null, "", `?issue=${issue}&by=${by()}`);
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
  const ahead = () => {
    const next = step(1);
    const pages = next && JSON.parse(next.dataset.pages || "[]");
    if (pages?.length) new Image().src = imageUrl(pages[0]);
  };
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
    if (under_way || !issue || !finding().querySelector(".decide")) return;
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
  const remember = (what) => { undoes.push(what); byId("undo").hidden = false; };
  const undo = () => { if (under_way) return; const last = undoes.pop(); byId("undo").hidden = !undoes.length; last?.(); };
  const dismiss = () => { if (!under_way && finding().querySelector("[data-dismiss]")) { byId("dismiss-note").value = ""; byId("reasons").showModal(); } };
  byId("reasons").addEventListener("click", (event) => {
    const { reason } = event.target.closest("[data-reason]")?.dataset ?? {};
    if (reason) { byId("reasons").close(); decide("dismissed", reason, byId("dismiss-note").value); }
  });
  byId("reasons").addEventListener("keydown", (event) => {
    if (event.target.matches("textarea") || !/^[1-9]$/.test(event.key)) return;
    all("[data-reason]", byId("reasons"))[Number(event.key) - 1]?.click();
    event.preventDefault();
  });

  // --- setting a value right -----------------------------------------------------------------------

  const edit = (line) => {
    all(".correcting").forEach((one) => one.remove());
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
      ask("correction", "POST", `${base}/corrections`, { target: "#said", swap: "none", values: { page, box, field, old, value: input.value } });
    });
    form.append(label, ...buttons, hint);
    line.append(form);
    input.select();
    input.focus();
  };
  const editFirst = () => {
    const line = document.querySelector("#finding .values li:has([data-edit])");
    if (line) edit(line); else say(words.no_value, "warned");
  };
  let corrected = false;
  document.body.addEventListener("review:corrected", (event) => {
    const { correction } = event.detail;
    all(".correcting").forEach((one) => one.remove());
    if (correction) remember(() => ask("correction", "DELETE", `${base}/corrections/${correction}`, { target: "#said", swap: "none" }));
    corrected = true;
    say(words.judging, "busy");
    watch(true);
  });

  // --- what happens meanwhile ----------------------------------------------------------------------

  const versions = {};
  items().forEach((one) => { versions[one.dataset.issue] = Number(one.dataset.version); });
  let run = root.dataset.run, timer = 0, tag = "";
  const watch = async (soon = false) => {
    clearTimeout(timer);
    let busy = false;
    try {
      const answer = await fetch(`${base}/state`, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.status === 401 || answer.redirected) { location.reload(); return; }
      if (answer.ok) { tag = answer.headers.get("ETag"); busy = await compare(await answer.json()); }
      else busy = corrected;
    } catch { /* the server is away for a moment */ }
    timer = setTimeout(watch, soon || busy || corrected ? 400 : 3000);
  };
  const compare = async (told) => {
    if (told.run !== run) { run = told.run; await judged(told); }
    else if (!told.busy && corrected) { corrected = false; say(words.judged_in_vain, "warned"); }
    else if (!under_way) {
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

  // --- what is clicked and typed -------------------------------------------------------------------

  const tools = {
    previous: () => go(sheet.page - 1), next: () => go(sheet.page + 1), in: () => sheet.zoom(1.4), out: () => sheet.zoom(1 / 1.4),
    fit: () => sheet.fit(), width: () => sheet.width(), turn: () => sheet.turn(), text: () => selecting(!pressed("text")),
  };
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-go], [data-beside], [data-edit], [data-tool], [data-decide], [data-dismiss]");
    if (!target) return;
    const place = target.closest("[data-page]");
    const boxes = place?.dataset.box ? [JSON.parse(place.dataset.box)] : [];
    if ("edit" in target.dataset) edit(target.closest("li"));
    else if ("beside" in target.dataset) sideBySide(Number(place.dataset.page), boxes);
    else if ("go" in target.dataset) {
      const page = Number(place.dataset.page);
      const here = spots(finding().dataset.spots).filter((one) => one.page === page).map((one) => one.box);
      go(page, boxes.length ? boxes : here, boxes.length ? "issue-spot value" : "issue-spot");
    } else if (target.dataset.tool) tools[target.dataset.tool]();
    else if (target.dataset.decide) decide(target.dataset.decide);
    else dismiss();
  });
  byId("alone").addEventListener("click", alone);
  byId("undo").addEventListener("click", undo);
  byId("go").addEventListener("submit", (event) => { event.preventDefault(); go(Number(byId("page").value)); });
  byId("to-page-form").addEventListener("submit", (event) => {
    const wanted = Number(event.target.elements.number.value);
    if (event.submitter?.value !== "number") { go(wanted); return; }
    const found = [...thumbs.values()].find((one) => Number(one.dataset.number) === wanted);
    if (found) go(Number(found.dataset.page)); else say(words.no_number, "warned");
  });
  const compareOther = () => {
    if (!byId("beside").hidden) { alone(); return; }
    const others = all("#finding [data-beside]");
    (others.find((one) => Number(one.dataset.page) !== sheet.page) ?? others[0])?.click();
  };

  const keys = {
    j: () => move(1), k: () => move(-1), a: () => decide("confirmed"), r: dismiss, u: () => decide("illegible"), e: editFirst,
    z: undo, g: () => { byId("to-page-form").reset(); byId("to-page").showModal(); }, "?": () => byId("keys").showModal(),
    "[": tools.previous, "]": tools.next, n: () => look(spot + 1), "+": tools.in, "=": tools.in, "-": tools.out, 0: tools.fit,
    w: tools.width, t: tools.turn, c: compareOther, x: tools.text, "/": () => byId("search").elements.text.focus(),
  };
  const kept = "archive-verify-single-keys";
  byId("use-keys").checked = localStorage.getItem(kept) !== "off";
  byId("use-keys").addEventListener("change", (event) => localStorage.setItem(kept, event.target.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && !byId("found").hidden) { byId("found").hidden = true; return; }
    if (event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) return;
    const act = keys[event.key.toLowerCase()];
    if (!act || !byId("use-keys").checked) return;
    event.preventDefault();
    act();
  });

  point(current());
  if (new URLSearchParams(location.search).has("page")) go(Number(root.dataset.first)); else begin();
  if (!sheet.page) go(Number(root.dataset.first));
  timer = setTimeout(watch, 3000);
})();
