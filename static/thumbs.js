/* Small pictures of pages, fetched as they come near, two at a time: the page somebody looks at comes first. */
"use strict";

window.thumbnails = (root = null) => {
  const AT_A_TIME = 2;
  const waiting = [];
  let fetching = 0;
  const next = () => {
    while (fetching < AT_A_TIME && waiting.length) {
      const image = waiting.pop();
      fetching += 1;
      const done = () => { fetching -= 1; next(); };
      image.addEventListener("load", done, { once: true });
      image.addEventListener("error", done, { once: true });
      image.src = image.dataset.src;
    }
  };
  const near = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      const at = waiting.indexOf(target);
      if (isIntersecting && at < 0 && !target.src) waiting.unshift(target);
      else if (!isIntersecting && at >= 0) waiting.splice(at, 1);
    }
    next();
  }, { root, rootMargin: "300px 0px" });
  return (images) => images.forEach((one) => near.observe(one));
};
