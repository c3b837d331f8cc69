/* The middle of the review: the page in its viewer, the thumbnails, another page beside it, the cuttings. */
"use strict";

(() => {
  const { api, words, byId, all, spots, say, tell, finding } = window.review;

  // The page's template preloads the first image under this very address.
  const imageUrl = (page) => `${api}/pages/${page}/image?width=1600`;
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
    tell("page-asked", page);
  };

  // The page itself comes first: small pictures and cuttings wait until it is there.
  const small = window.thumbnails(byId("thumbs"));
  let begun = false;
  const begin = () => { if (!begun) { begun = true; small(all("#thumbs img")); } };
  sheet.failed = begin;
  sheet.opened = (page) => {
    begin();
    crops();
    tell("page-shown", page);
  };

  const sideBySide = (page, boxes) => {
    byId("beside").hidden = byId("alone").hidden = false;
    beside ??= new Sheet(byId("beside"), imageUrl, words.no_image);
    beside.show(page, boxes, "issue-spot value");
  };
  const alone = () => { byId("beside").hidden = byId("alone").hidden = true; };
  const compareOther = () => {
    if (!byId("beside").hidden) { alone(); return; }
    const others = all("#finding [data-beside]");
    (others.find((one) => Number(one.dataset.page) !== sheet.page) ?? others[0])?.click();
  };
  byId("alone").addEventListener("click", alone);

  // The pictures beside the values: cut out of the page's image, one after the other.
  let cutting = Promise.resolve();
  const cut = new IntersectionObserver((seen) => {
    for (const { target } of seen.filter((entry) => entry.isIntersecting)) {
      cut.unobserve(target);
      cutting = cutting.then(() => target.isConnected && draw(target));
    }
  });
  const crops = () => { if (sheet.shown) all("canvas[data-crop]:not([data-drawn])").forEach((one) => cut.observe(one)); };
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

  // The boxes of the finding at hand that lie on a page.
  const spotsOn = (page) => spots(finding().dataset.spots).filter((one) => one.page === page).map((one) => one.box);
  // By the number that is written on the page; whether there is one.
  const goToNumber = (number) => {
    const found = [...thumbs.values()].find((one) => Number(one.dataset.number) === number);
    if (found) go(Number(found.dataset.page)); else say(words.no_number, "warned");
  };
  byId("go").addEventListener("submit", (event) => { event.preventDefault(); go(Number(byId("page").value)); });
  byId("to-page-form").addEventListener("submit", (event) => {
    const wanted = Number(event.target.elements.number.value);
    if (event.submitter?.value === "number") goToNumber(wanted); else go(wanted);
  });

  Object.assign(window.review, { sheet, imageUrl, go, crops, sideBySide, compareOther, spotsOn });
})();
