/* The live tail: rows come by server-sent events while somebody looks, and wait for nobody. */
(() => {
  "use strict";
  const MOST_ROWS = 500;
  const AGAIN_MS = 5000;
  const $ = (selector, from = document) => from.querySelector(selector);
  const live = $("#live[data-stream]");
  if (!live) return;
  const body = $("tbody", live), scroller = $(".scroll", live);
  const button = $("#live-pause"), state = $("#live-state"), rates = $("#live-rates");
  let source = null, paused = false, over = false, again = null;

  const say = (name, words) => {
    if (state.dataset.state === name && state.textContent === words) return;
    state.dataset.state = name;
    state.textContent = words;
  };

  /* New rows go on top; who has scrolled keeps the place. */
  const add = (html) => {
    const rows = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("tbody tr")];
    if (!rows.length) return;
    const { scrollTop, scrollHeight } = scroller;
    const above = scroller.scrollHeight > scroller.clientHeight ? 0 : window.scrollY;
    /* A call that changed is there already, as it was. */
    const fresh = new Set(rows.map((row) => row.dataset.href));
    [...body.rows].forEach((row) => { if (fresh.has(row.dataset.href)) row.remove(); });
    body.prepend(...rows);
    if (scrollTop > 0) scroller.scrollTop = scrollTop + scroller.scrollHeight - scrollHeight;
    else if (above > 0) window.scrollTo(window.scrollX, above);
    while (body.rows.length > MOST_ROWS) body.lastElementChild.remove();
    $("#live-nothing").hidden = true;
  };

  const close = () => {
    clearTimeout(again);
    if (source) source.close();
    source = null;
    rates.textContent = "";
  };
  const open = () => {
    close();
    source = new EventSource(live.dataset.stream);
    source.addEventListener("open", () => say("on", "Live"));
    source.addEventListener("rows", (event) => add(JSON.parse(event.data).html));
    source.addEventListener("rates", (event) => { rates.textContent = JSON.parse(event.data).words; });
    source.addEventListener("over", (event) => {
      const { words, again: comesBack } = JSON.parse(event.data);
      close();
      say("lost", words);
      if (comesBack) again = setTimeout(look, AGAIN_MS);
      else over = true;
    });
    source.addEventListener("error", () => {
      say("lost", "Not connected, trying again");
      rates.textContent = "";
      if (source && source.readyState === EventSource.CLOSED) {
        close();
        again = setTimeout(look, AGAIN_MS);
      }
    });
  };

  /* Open while it is looked at and not paused. */
  const look = () => {
    if (over) return;
    if (paused) { close(); say("paused", "Paused"); }
    else if (document.hidden) { close(); say("paused", "Paused while hidden"); }
    else open();
  };
  const toggle = () => {
    paused = !paused;
    over = false;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = paused ? "Go on" : "Pause";
    look();
  };

  button.hidden = false;
  button.addEventListener("click", toggle);
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, button, summary, dialog, [contenteditable]")) return;
    event.preventDefault();
    toggle();
  });
  look();
})();
