/* The words of the page: the text layer over its image, and the search in all pages. */
"use strict";

(() => {
  const { root, base, api, words, byId, ask, sheet } = window.review;
  const tool = document.querySelector('[data-tool="text"]');
  let layer = null, looked = "";

  const squeezed = (text) => text.normalize("NFKC").replace(/\s+/g, "").toLowerCase();
  const read = async (page) => {
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
    selecting(selected());
    hits();
  };
  root.addEventListener("page-shown", ({ detail }) => read(detail));

  const selected = () => tool.getAttribute("aria-pressed") === "true";
  const selecting = (on) => {
    tool.setAttribute("aria-pressed", on);
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

  window.review.switchSelecting = () => selecting(!selected());
})();
