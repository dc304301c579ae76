// Keeps the parts of an open page that are marked data-live up to date. The page works without it.
// Quiet: nobody loses focus, place, an opened detail or something typed; at most one change in two seconds.
(() => {
  "use strict";
  const line = document.querySelector("[data-live-stream]");
  if (!line) return;
  const PAUSE = 2000, POLL = 20000, SAY_AGAIN = 30000;
  let seen = line.dataset.liveSeen, source = null, timer = null, waiting = new Set(), isBusy = false, last = 0, said = 0;
  const address = (base) => `${base}?sau=${encodeURIComponent(seen)}`;

  const voice = document.createElement("p");
  voice.className = "visually-hidden";
  voice.setAttribute("role", "status");
  document.body.append(voice);
  const say = (text) => { if (Date.now() - said > SAY_AGAIN) { said = Date.now(); voice.textContent = text; } };

  const parts = () => Array.from(document.querySelectorAll("[data-live][id]")).filter((part) => part.dataset.live);
  const shown = new Map(parts().map((part) => [part.id, part.innerHTML]));

  // Somebody types, chooses or marks text in it: it waits.
  const isInUse = (part) => {
    const field = document.activeElement;
    if (part.contains(field) && field.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) return true;
    if (Array.from(part.querySelectorAll("input, textarea, select")).some((one) => one.type === "checkbox" || one.type === "radio" ? one.checked !== one.defaultChecked : one.tagName !== "SELECT" && one.value !== one.defaultValue)) return true;
    const marked = window.getSelection();
    return Boolean(marked && !marked.isCollapsed && part.contains(marked.anchorNode));
  };
  const same = (one, other) => one.tagName === other.tagName && (one.id ? one.id === other.id : (one.getAttribute("href") || one.textContent) === (other.getAttribute("href") || other.textContent));
  const asked = new Map();
  const again = (places) => {
    for (const place of places) {
      if (!window.htmx || Date.now() - (asked.get(place.id) || 0) < SAY_AGAIN) continue;
      asked.set(place.id, Date.now());
      window.htmx.ajax("GET", place.dataset.liveKeep, { target: place, swap: "innerHTML" });
    }
  };
  const replace = (part, html) => {
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const opened = Array.from(part.querySelectorAll("details"), (one) => one.open);
    const places = Array.from(part.querySelectorAll(".mc-wrap"), (one) => [one.scrollLeft, one.scrollTop]);
    const [x, y] = [window.scrollX, window.scrollY];
    // What a page loads late and at some cost (data-live-keep) stays, and is asked for again now and then.
    const kept = new Map(Array.from(part.querySelectorAll("[data-live-keep][id]"), (one) => [one.id, one]));
    part.innerHTML = html;
    kept.forEach((one, id) => {
      const place = part.querySelector(`#${CSS.escape(id)}`);
      if (place) place.replaceWith(one);
    });
    again(kept.values());
    const details = part.querySelectorAll("details");
    if (details.length === opened.length) details.forEach((one, n) => { one.open = opened[n]; });
    part.querySelectorAll(".mc-wrap").forEach((one, n) => { if (places[n]) [one.scrollLeft, one.scrollTop] = places[n]; });
    if (focused) {
      const again = Array.from(part.querySelectorAll("a, button, summary, [tabindex]")).find((one) => same(one, focused));
      if (again) again.focus({ preventScroll: true });
    }
    window.scrollTo(x, y);
  };

  const refresh = async () => {
    if (isBusy || !waiting.size || document.hidden) return;
    const left = last + PAUSE - Date.now();
    if (left > 0) { window.setTimeout(refresh, left); return; }
    isBusy = true;
    const wanted = waiting;
    waiting = new Set();
    const concerned = parts().filter((part) => part.dataset.live.split(" ").some((name) => wanted.has(name)));
    try {
      if (concerned.length) {
        const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
        if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500)) { ended(); return; }
        if (!answer.ok) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        let changed = 0;
        for (const part of concerned) {
          const fresh = page.getElementById(part.id);
          if (!fresh || fresh.innerHTML === shown.get(part.id)) continue;
          if (isInUse(part)) { part.dataset.live.split(" ").forEach((name) => waiting.add(name)); continue; }
          shown.set(part.id, fresh.innerHTML);
          replace(part, fresh.innerHTML);
          changed += 1;
        }
        if (changed) say("Số liệu trên trang vừa được cập nhật.");
      }
    } catch { wanted.forEach((name) => waiting.add(name)); } finally {
      last = Date.now();
      isBusy = false;
      if (waiting.size) window.setTimeout(refresh, 5 * PAUSE);
    }
  };
  const take = (told) => {
    if (told.at) seen = told.at;
    if (told.stamp) { const place = document.querySelector("[data-live-stamp]"); if (place) place.textContent = told.stamp; }
    told.parts.forEach((name) => waiting.add(name));
    refresh();
  };

  const stop = () => { if (source) source.close(); source = null; window.clearTimeout(timer); timer = null; };
  const ended = () => {
    stop();
    line.hidden = false;
    line.textContent = "Phiên làm việc đã hết; số liệu thôi tự cập nhật. Hãy tải lại trang.";
  };
  const poll = async () => {
    try {
      const answer = await fetch(address(line.dataset.liveNow), { cache: "no-store", redirect: "manual" });
      if (answer.ok) take(await answer.json()); else if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500)) { ended(); return; }
    } catch { /* the connection comes back, or it does not: ask again */ }
    timer = window.setTimeout(poll, POLL);
  };
  const start = () => {
    stop();
    if (document.hidden) return;
    if (!window.EventSource) { poll(); return; }
    source = new EventSource(address(line.dataset.liveStream));
    source.addEventListener("figures", (event) => take(JSON.parse(event.data)));
    source.addEventListener("het", ended);
    // A broken line is mended by the browser; a refused one is not: ask now and then instead.
    source.addEventListener("error", () => { if (source && source.readyState === EventSource.CLOSED) { stop(); poll(); } });
  };
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else start(); });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => { if (event.persisted) start(); });
  start();
})();
