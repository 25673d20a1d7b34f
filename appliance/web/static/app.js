/* What makes pages quicker with JavaScript; none of them needs it. */
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  /* Rows of a result: a chosen one, opened by Enter or a double click. */
  const rows = () => $$("table[data-rows] tbody tr");
  const chosenRow = () => $("table[data-rows] tr[aria-selected=true]");
  const chooseRow = (row) => {
    const before = chosenRow();
    if (before) before.removeAttribute("aria-selected");
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
  };
  const moveRow = (step) => {
    const all = rows();
    if (!all.length) return;
    const place = all.indexOf(chosenRow());
    chooseRow(all[place < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, place + step))]);
  };

  document.addEventListener("click", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    const row = event.target.closest("table[data-rows] tbody tr");
    if (row && !event.target.closest("a") && !String(getSelection())) chooseRow(row);
    $$("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const preset = event.target.closest("a[data-range]");
    if (preset && plain) {
      const line = $("#line");
      event.preventDefault();
      line.elements.from.value = preset.dataset.range;
      line.elements.to.value = preset.dataset.rangeTo || "";
      line.requestSubmit();
    }
  });
  document.addEventListener("dblclick", (event) => {
    const row = event.target.closest("table[data-rows] tbody tr");
    if (row) location.assign(row.dataset.href);
  });

  /* A part of a chart that is dragged over comes closer: a page of its own, as its address says. */
  let dragged = null;
  const timeAt = (chart, event) => {
    const box = chart.getBoundingClientRect();
    const view = chart.viewBox.baseVal.width;
    const plot = chart.querySelector(".rule");
    const left = plot.x1.baseVal.value, right = plot.x2.baseVal.value;
    const part = (((event.clientX - box.left) / box.width) * view - left) / (right - left);
    const { since, until } = chart.closest(".charts").dataset;
    return Math.round(Number(since) + Math.min(1, Math.max(0, part)) * (Number(until) - Number(since)));
  };
  document.addEventListener("pointerdown", (event) => {
    const chart = event.target.closest(".charts svg.figure");
    dragged = chart && event.button === 0 && event.pointerType === "mouse" ? { chart, x: event.clientX, from: timeAt(chart, event) } : null;
    if (dragged) event.preventDefault();
  });
  document.addEventListener("pointerup", (event) => {
    const { chart, x, from } = dragged || {};
    dragged = null;
    if (!chart || Math.abs(event.clientX - x) < 8) return;
    const ends = [from, timeAt(chart, event)].sort((one, other) => one - other);
    const address = new URL(location.href);
    address.searchParams.set("since", ends[0]);
    address.searchParams.set("until", ends[1]);
    address.hash = chart.closest(".stream").id;
    location.assign(address);
  });
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest && event.target.closest(".charts svg.figure")) event.preventDefault();
  });

  const keys = {
    "/": () => { const line = $("#q"); if (line) { line.focus(); line.select(); } },
    "f": () => {
      const form = $("#form");
      if (!form) return location.assign("/search?form=1");
      form.open = !form.open;
      if (form.open) $("input:not([type=hidden])", form).focus();
    },
    "?": () => $("#keys").showModal(),
    "j": () => moveRow(1),
    "k": () => moveRow(-1),
    "Enter": () => { const row = chosenRow(); if (row) location.assign(row.dataset.href); },
  };
  keys.ArrowDown = keys.j;
  keys.ArrowUp = keys.k;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "Escape") $$("details.menu[open]").forEach((menu) => { menu.open = false; });
    if (event.defaultPrevented || $("#keys").open || !keys[event.key]) return;
    const control = event.target.closest("button, summary, a");
    if (event.key === "Enter" && control) return;
    if (event.key.startsWith("Arrow") && !rows().length) return;
    event.preventDefault();
    keys[event.key]();
  });

  /* The form writes the line while it is filled in. */
  let asked = 0;
  const writeLine = async () => {
    const fields = $("#fields"), line = $("#q");
    if (!fields || !line) return;
    const turn = ++asked;
    const answer = await fetch("/search/line?" + new URLSearchParams(new FormData(fields)));
    if (answer.ok && turn === asked) line.value = await answer.text();
  };
  document.addEventListener("input", (event) => {
    if (!event.target.closest("#fields")) return;
    clearTimeout(writeLine.timer);
    writeLine.timer = setTimeout(writeLine, 120);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "fields" || !$("#results")) return;
    event.preventDefault();
    clearTimeout(writeLine.timer);
    writeLine().then(() => $("#line").requestSubmit());
  });

  /* The range's words follow what was chosen. */
  document.addEventListener("htmx:after:request", (event) => {
    const menu = $(".range.menu");
    if (menu && event.detail.ctx.target.id === "results") menu.open = false;
  });
  document.addEventListener("htmx:after:swap", () => {
    const results = $("#results"), fields = $("#fields");
    if (results && results.dataset.range) $(".range-words").textContent = results.dataset.range;
    if (!results || !fields || fields.contains(document.activeElement)) return;
    const values = JSON.parse(results.dataset.form || "{}");
    $$("input[name^='f.']", fields).forEach((input) => { input.value = values[input.name] || ""; });
  });

  /* Refresh by itself: the dashboard, the health page; results are table.js's. */
  let every = null;
  const refresh = () => {
    if (document.hidden || document.activeElement === $("#q") || $("details.menu[open]")) return;
    location.reload();
  };
  const choice = $("#refresh");
  if (choice && $(".dashboard, .health")) {
    choice.hidden = false;
    const kept = sessionStorage.getItem("refresh") || "";
    choice.value = [...choice.options].some((one) => one.value === kept) ? kept : "";
    const set = () => {
      clearInterval(every);
      sessionStorage.setItem("refresh", choice.value);
      if (choice.value) every = setInterval(refresh, 1000 * Number(choice.value));
    };
    choice.addEventListener("change", set);
    set();
  }

  /* Whoever chose to see times in the browser's zone sees them so on the next page. */
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes(`zone=${zone}`)) {
    document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
  }

  /* Colours change at once; the cookie tells the server for the next page. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("form.theme button[name=theme]");
    if (!button) return;
    event.preventDefault();
    if (button.value) document.documentElement.dataset.theme = button.value;
    else delete document.documentElement.dataset.theme;
    document.cookie = `theme=${button.value}; path=/; max-age=31536000; samesite=lax`;
    $$("form.theme button[name=theme]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
  });

  /* Lines to paste: the button is there only where it can work; the text can be selected anyway. */
  if (navigator.clipboard) $$("[data-copy]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    navigator.clipboard.writeText(button.nextElementSibling.textContent).then(() => {
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  });

})();
