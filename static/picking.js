/* A place marked on a page: by dragging, by two clicks at its corners, or by arrows and Enter. */
"use strict";

// `box` is fractions of the upright page, null where it was given up.
window.pickPlace = (sheet, label) => {
  const STEP = 4, LEAP = 24, STILL = 4;
  const frame = document.createElement("div"), area = document.createElement("div"), cross = document.createElement("div");
  frame.className = "picking";
  frame.tabIndex = 0;
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", label);
  area.className = "area";
  cross.className = "cross";
  frame.append(area, cross);
  sheet.element.append(frame);
  let end;
  const box = new Promise((done) => { end = done; });
  const giveUp = (found = null) => { frame.remove(); end(found); };

  const size = frame.getBoundingClientRect();
  let first = null, at = { x: size.width / 2, y: size.height / 2 };
  const place = (x, y) => {
    at = { x: Math.max(0, Math.min(size.width, x)), y: Math.max(0, Math.min(size.height, y)) };
    Object.assign(cross.style, { left: `${at.x}px`, top: `${at.y}px` });
    if (!first) return;
    Object.assign(area.style, {
      left: `${Math.min(first.x, at.x)}px`, top: `${Math.min(first.y, at.y)}px`,
      width: `${Math.abs(first.x - at.x)}px`, height: `${Math.abs(first.y - at.y)}px`,
    });
  };
  const corner = () => {
    if (!first) { first = at; return; }
    if (Math.abs(first.x - at.x) < STILL || Math.abs(first.y - at.y) < STILL) return;
    const [one, two] = [first, at].map(({ x, y }) => sheet.viewer.viewport.pointFromPixel(new OpenSeadragon.Point(x, y), true));
    const within = (value) => Math.max(0, Math.min(1, value));
    const [x0, x1] = [one.x, two.x].sort((a, b) => a - b).map(within);
    const [y0, y1] = [one.y / sheet.aspect, two.y / sheet.aspect].sort((a, b) => a - b).map(within);
    giveUp(x1 > x0 && y1 > y0 ? [x0, y0, x1, y1] : null);
  };
  const under = (event) => place(event.clientX - size.left, event.clientY - size.top);

  for (const kind of ["pointerdown", "pointermove", "pointerup", "wheel", "dblclick"]) {
    frame.addEventListener(kind, (event) => event.stopPropagation());
  }
  frame.addEventListener("pointerdown", (event) => { frame.setPointerCapture(event.pointerId); under(event); if (!first) corner(); });
  frame.addEventListener("pointermove", under);
  frame.addEventListener("pointerup", (event) => { under(event); corner(); });
  frame.addEventListener("keydown", (event) => {
    const by = event.shiftKey ? LEAP : STEP;
    const [x, y] = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[event.key] ?? [0, 0];
    if (x || y) place(at.x + x, at.y + y);
    else if (event.key === "Enter") corner();
    else if (event.key === "Escape") giveUp();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  place(at.x, at.y);
  frame.focus();
  return { box, giveUp };
};
