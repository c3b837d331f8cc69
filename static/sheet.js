/* One page in a viewer: zoomed, moved and turned, with boxes of the upright page laid over it. */
"use strict";

(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

  // OpenSeadragon adds a style of its own unless it finds one; the page's policy allows none.
  const styled = document.createElementNS("", "style");
  styled.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(styled);

  window.Sheet = class {
    constructor(element, imageUrl, no_image) {
      this.element = element;
      this.imageUrl = imageUrl;
      this.page = 0;
      this.aspect = 0;
      this.marks = [];
      this.viewer = OpenSeadragon({
        element, showNavigationControl: false, drawer: "canvas", animationTime: calm ? 0 : 0.25, visibilityRatio: 0.4,
        minZoomImageRatio: 0.5, maxZoomPixelRatio: 4, gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      });
      // Letters are keys of the whole page.
      this.viewer.addHandler("canvas-key", (event) => {
        if (/^[a-z]$/i.test(event.originalEvent.key)) event.preventDefaultAction = true;
      });
      this.viewer.addHandler("open-failed", () => { this.notice(no_image); this.failed?.(); });
    }

    // Whether the page asked for last is before the eyes.
    get shown() { return this.aspect > 0; }

    // Shows a page with boxes on it; the first box is brought before the eyes.
    show(page, boxes = [], kind = "issue-spot") {
      this.wanted = { boxes, kind };
      if (this.page === page) { if (this.shown) this.mark(); return; }
      this.page = page;
      this.aspect = 0;
      this.notice("");
      this.viewer.addOnceHandler("open", () => {
        const size = this.viewer.world.getItemAt(0)?.getContentSize();
        if (!size || this.page !== page) return;
        this.aspect = size.y / size.x;
        this.viewer.viewport.setRotation(0, true);
        this.mark(true);
        this.element.dataset.shown = page;
        this.opened?.(page);
      });
      this.viewer.open({ type: "image", url: this.imageUrl(page) });
    }

    mark(at_once = false) {
      this.marks.forEach((one) => this.viewer.removeOverlay(one));
      // What stands somewhere on the page has no spot of its own.
      const boxes = this.wanted.boxes.filter(([x0, y0, x1, y1]) => x1 - x0 < 1 || y1 - y0 < 1);
      this.marks = boxes.map((box) => {
        const element = document.createElement("div");
        element.className = this.wanted.kind;
        element.dataset.box = box.join(",");
        this.viewer.addOverlay({ element, location: this.rect(box, 0.004) });
        return element;
      });
      if (!boxes.length) { if (at_once) this.fit(at_once); return; }
      // All of them where they lie near each other, else the first one.
      const together = boxes.reduce((one, two) => [0, 1, 2, 3].map((i) => Math[i < 2 ? "min" : "max"](one[i], two[i])));
      const [x0, y0, x1, y1] = together[3] - together[1] < 0.4 ? together : boxes[0];
      const width = Math.min(1, Math.max(0.62, (x1 - x0) * 1.3)), height = Math.max(0.3, (y1 - y0) * 1.5);
      const left = Math.max(0, Math.min(1 - width, (x0 + x1 - width) / 2)), top = (y0 + y1 - height) / 2;
      this.viewer.viewport.fitBounds(this.rect([left, top, left + width, top + height]), at_once || calm);
    }

    rect([x0, y0, x1, y1], margin = 0) {
      return new OpenSeadragon.Rect(
        x0 - margin, (y0 * this.aspect) - margin, x1 - x0 + 2 * margin, (y1 - y0) * this.aspect + 2 * margin);
    }

    fit(at_once = calm) { this.viewer.viewport.goHome(at_once); }

    width() {
      const box = this.viewer.viewport.getContainerSize();
      this.viewer.viewport.fitBounds(new OpenSeadragon.Rect(0, 0, 1, box.y / box.x), calm);
    }

    zoom(by) { this.viewer.viewport.zoomBy(by); this.viewer.viewport.applyConstraints(); }

    turn() { this.viewer.viewport.setRotation((this.viewer.viewport.getRotation() + 90) % 360, calm); }

    notice(text) {
      this.element.querySelector(".notice")?.remove();
      if (!text) return;
      const note = document.createElement("p");
      note.className = "notice";
      note.setAttribute("role", "alert");
      note.textContent = text;
      this.element.append(note);
    }
  };
})();
