// One stop of the Tab key for a map or a table of links, arrow keys inside it. Without it every link is a stop of its own.
(() => {
  "use strict";
  const links = (place) => Array.from(place.querySelectorAll("a[href]")).filter((one) => one.getClientRects().length);
  const middle = (one) => { const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; };
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  // The nearest one that lies more in the direction than aside.
  const beside = (place, from, [dx, dy]) => {
    const [x, y] = middle(from);
    let best = null, least = Infinity;
    for (const one of links(place)) {
      if (one === from) continue;
      const [ox, oy] = middle(one), along = (ox - x) * dx + (oy - y) * dy, aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      if (along > 1 && along + 2 * aside < least && aside <= 1.5 * along) { best = one; least = along + 2 * aside; }
    }
    return best;
  };
  const enter = (place, one) => { links(place).forEach((other) => other.setAttribute("tabindex", other === one ? "0" : "-1")); };
  const prepare = () => document.querySelectorAll("[data-rove]").forEach((place) => {
    const all = links(place);
    if (all.length && !all.some((one) => one.getAttribute("tabindex") === "0")) enter(place, all[0]);
  });
  document.addEventListener("focusin", (event) => {
    const place = event.target.closest && event.target.closest("[data-rove]");
    if (place && event.target.matches("a[href]")) enter(place, event.target);
  });
  document.addEventListener("keydown", (event) => {
    const place = event.target.closest("[data-rove]"), way = ways[event.key];
    if (!place || !way || event.ctrlKey || event.altKey || event.metaKey || !event.target.matches("a[href]")) return;
    const next = beside(place, event.target, way);
    if (next) { event.preventDefault(); enter(place, next); next.focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  });
  // The live parts are replaced, the window turns from wide to narrow: there must always be one stop.
  new MutationObserver(prepare).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("resize", () => { document.querySelectorAll("[data-rove] a[tabindex]").forEach((one) => one.removeAttribute("tabindex")); prepare(); });
  prepare();
})();
