/* The result table of /search with JavaScript: columns by hand, time by dragging, refresh in place, cancel, marks.
   Everything here can also be done without: by the form of columns, links, and reloading. */
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const NARROWEST = 24, WIDEST = 1200, STEP = 16, PADDING = 16;

  const results = () => $("#results");
  const table = () => $("#results table[data-rows]");
  const heads = () => $$("#results thead th[data-column]");
  const rowsOf = () => $$("#results tbody tr");
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
  const here = () => new URL(location.href);

  /* Another address in the same place. */
  const go = (address, more = {}) =>
    htmx.ajax("GET", address.pathname + address.search, { target: "#results", swap: "outerHTML", ...more });

  const narrow = (from, to) => {
    const iso = (us) => new Date(Math.floor(us / 1000)).toISOString().replace("Z", String(us % 1000).padStart(3, "0") + "Z");
    const address = here();
    address.searchParams.set("from", iso(from));
    address.searchParams.set("to", iso(to));
    address.searchParams.delete("cursor");
    return go(address);
  };

  /* Columns: what is shown is read from the heads, kept by the form's own fields. */
  const columnsText = () => heads().map((head) => head.dataset.column + (head.width ? `:${head.width}` : "")).join(",");

  let kept = Promise.resolve();
  const keep = () => {
    const address = here();
    if (address.searchParams.has("columns")) {
      address.searchParams.set("columns", columnsText());
      history.replaceState(history.state, "", address);
      return;
    }
    const form = $("#columns form");
    const shown = heads();
    $$(".column-choice", form).forEach((line) => {
      const place = shown.findIndex((head) => head.dataset.column === line.dataset.column);
      $("input[type=checkbox]", line).checked = place >= 0;
      $("input.place", line).value = place >= 0 ? place + 1 : 99;
      $("input.width", line).value = place >= 0 ? shown[place].width || "" : "";
    });
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", "keep");
    const send = () => fetch(form.action, { method: "POST", body: fields, redirect: "manual" });
    kept = kept.then(send, send);
  };

  const partOf = (head) => [...head.parentNode.children].indexOf(head);
  const size = (head, width) => {
    const at = partOf(head);
    const px = width === null ? null : Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
    $$("svg.width", head).forEach((one) => one.remove());
    if (px === null) head.removeAttribute("width");
    else {
      // a table gives a column at least what stands in it, and heeds a width only where there is room
      const least = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      least.setAttribute("class", "width");
      least.setAttribute("width", px - PADDING);
      least.setAttribute("height", 0);
      head.setAttribute("width", px);
      head.append(least);
    }
    [head, ...rowsOf().map((row) => row.children[at])].forEach((cell) => cell && cell.classList.toggle("sized", px !== null));
  };

  const move = (head, step) => {
    const all = heads();
    const to = all.indexOf(head) + step;
    if (to >= 0 && to < all.length) place(head, all[to], step > 0);
  };
  const place = (head, other, after) => {
    if (head === other) return;
    const from = partOf(head), to = partOf(other);
    [head.parentNode, ...rowsOf()].forEach((line) => {
      const cell = line.children[from];
      line.children[to][after ? "after" : "before"](cell);
    });
    $("a", head).focus();
    keep();
  };

  const grips = () => heads().forEach((head) => {
    head.draggable = true;
    if ($(".grip", head)) return;
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.title = "Drag for the width, double-click to fit";
    head.append(grip);
    $("a", head).setAttribute("aria-keyshortcuts", "< > + - 0");
  });

  let sizing = null;
  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip || event.button !== 0) return;
    const head = grip.closest("th");
    sizing = { head, x: event.clientX, width: head.getBoundingClientRect().width, moved: false };
    head.draggable = false;
    grip.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  document.addEventListener("pointermove", (event) => {
    if (!sizing) return;
    const by = event.clientX - sizing.x;
    if (Math.abs(by) < 2 && !sizing.moved) return;
    sizing.moved = true;
    size(sizing.head, sizing.width + by);
  });
  document.addEventListener("pointerup", () => {
    if (!sizing) return;
    const { head, moved } = sizing;
    sizing = null;
    head.draggable = true;
    if (moved) keep();
  });
  document.addEventListener("dblclick", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip) return;
    event.stopImmediatePropagation();
    size(grip.closest("th"), null);
    keep();
  }, true);

  let carried = null;
  document.addEventListener("dragstart", (event) => {
    carried = event.target.closest && event.target.closest("#results th[data-column], .column-choice");
    if (!carried) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", carried.dataset.column);
  });
  const under = (event) => {
    const kind = carried && (carried.matches("th") ? "#results th[data-column]" : ".column-choice");
    return kind && event.target.closest ? event.target.closest(kind) : null;
  };
  const isAfter = (event, target) => {
    const box = target.getBoundingClientRect();
    return target.matches("th") ? event.clientX > box.left + box.width / 2 : event.clientY > box.top + box.height / 2;
  };
  document.addEventListener("dragover", (event) => {
    $$(".drop-before, .drop-after").forEach((one) => one.classList.remove("drop-before", "drop-after"));
    const target = under(event);
    if (!target) return;
    event.preventDefault();
    if (target !== carried) target.classList.add(isAfter(event, target) ? "drop-after" : "drop-before");
  });
  document.addEventListener("drop", (event) => {
    const target = under(event);
    if (!target || target === carried) return;
    event.preventDefault();
    const after = isAfter(event, target);
    if (carried.matches("th")) return place(carried, target, after);
    target[after ? "after" : "before"](carried);
    number();
  });
  document.addEventListener("dragend", () => {
    carried = null;
    $$(".drop-before, .drop-after").forEach((one) => one.classList.remove("drop-before", "drop-after"));
  });
  const number = () => $$(".column-choice input.place").forEach((input, at) => { input.value = at + 1; });

  /* Time: drag over the bars, or walk them by arrows and stretch with Shift. */
  let dragged = null, justDragged = false;
  const timeAt = (picture, x) => {
    const box = picture.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (x - box.left) / box.width));
    const from = Number(picture.dataset.from), to = Number(picture.dataset.to);
    return Math.round(from + part * (to - from));
  };
  document.addEventListener("pointerdown", (event) => {
    const picture = event.target.closest("svg.over-time");
    if (!picture || event.button !== 0) return;
    dragged = { picture, x: event.clientX, moved: false };
  });
  document.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const { picture, x } = dragged;
    if (!dragged.moved && Math.abs(event.clientX - x) < 5) return;
    dragged.moved = true;
    const box = picture.getBoundingClientRect();
    const ends = [x, event.clientX].map((at) => Math.min(box.right, Math.max(box.left, at)) - box.left).sort((a, b) => a - b);
    const shade = $("rect.dragged", picture);
    shade.setAttribute("x", ends[0]);
    shade.setAttribute("width", ends[1] - ends[0]);
  });
  document.addEventListener("pointerup", (event) => {
    if (!dragged) return;
    const { picture, x, moved } = dragged;
    dragged = null;
    $("rect.dragged", picture).setAttribute("width", 0);
    if (!moved) return;
    justDragged = true;
    setTimeout(() => { justDragged = false; });
    const ends = [timeAt(picture, x), timeAt(picture, event.clientX)].sort((a, b) => a - b);
    if (ends[1] > ends[0]) narrow(ends[0], ends[1]);
  });
  document.addEventListener("click", (event) => {
    const bar = event.target.closest("svg.over-time a");
    if (justDragged) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (bar && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      go(new URL(bar.getAttribute("href"), location.href));
    }
  }, true);
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest && event.target.closest("svg.over-time")) event.preventDefault();
  });

  let stretched = null;
  const bars = () => $$("svg.over-time a");
  const rove = () => bars().forEach((bar, at) => { if (at) bar.setAttribute("tabindex", "-1"); });
  const shade = (from, to) => bars().forEach((bar, at) => {
    bar.classList.toggle("within", from !== null && at >= Math.min(from, to) && at <= Math.max(from, to));
  });
  const onBar = (event) => {
    const all = bars(), at = all.indexOf(document.activeElement);
    if (at < 0) return false;
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -at, End: all.length - 1 - at }[event.key];
    if (step !== undefined) {
      const to = Math.min(all.length - 1, Math.max(0, at + step));
      stretched = event.shiftKey ? (stretched === null ? at : stretched) : null;
      all[at].setAttribute("tabindex", "-1");
      all[to].removeAttribute("tabindex");
      all[to].focus();
      shade(stretched, to);
      return true;
    }
    if (event.key === "Enter" && stretched !== null) {
      const ends = [all[stretched], all[at]].sort((a, b) => Number(a.dataset.from) - Number(b.dataset.from));
      stretched = null;
      narrow(Number(ends[0].dataset.from), Number(ends[1].dataset.to));
      return true;
    }
    if (event.key === "Escape") { stretched = null; shade(null, null); }
    return false;
  };
  const onHead = (event) => {
    const head = event.target.closest && event.target.closest("#results th[data-column]");
    if (!head) return false;
    const width = head.getBoundingClientRect().width;
    const deeds = {
      "<": () => move(head, -1),
      ">": () => move(head, 1),
      "+": () => { size(head, width + STEP); keep(); },
      "-": () => { size(head, width - STEP); keep(); },
      "0": () => { size(head, null); keep(); },
    };
    if (!deeds[event.key]) return false;
    deeds[event.key]();
    return true;
  };

  /* Marked rows: two messages are compared, several calls looked at alone. */
  const marked = () => rowsOf().filter((row) => row.classList.contains("marked"));
  const sayMarked = () => {
    const all = marked(), say = $("#marked");
    if (!say) return;
    say.hidden = all.length === 0;
    if (say.hidden) return;
    $(".words", say).textContent = `${all.length} marked`;
    const link = $("a", say);
    const ids = all.map((row) => row.dataset.name);
    link.hidden = false;
    if (table().dataset.view === "messages") {
      link.hidden = ids.length !== 2;
      link.textContent = "Compare";
      link.href = `/compare?${new URLSearchParams({ a: ids[0], b: ids[1] || "" })}`;
      return;
    }
    const address = here();
    const quoted = (text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("*", "\\*")}"`;
    address.searchParams.set("q", `callid:${[...new Set(all.map((row) => row.dataset.callid))].map(quoted).join(";")}`);
    address.searchParams.delete("cursor");
    link.textContent = "Only these";
    link.href = address.pathname + address.search;
  };
  const mark = (row) => {
    row.classList.toggle("marked");
    sayMarked();
  };
  const unmark = () => {
    marked().forEach((row) => row.classList.remove("marked"));
    sayMarked();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !results() || $("#keys").open) return;
    if (event.key === "Escape" && isSearching()) return cancel();
    if (typing(event.target)) return;
    if (onBar(event) || onHead(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const chosen = $("#results tr[aria-selected=true]");
    if (event.key === "Escape") {
      if (chosen) chosen.removeAttribute("aria-selected");
      unmark();
      tell();
    }
    if (event.key === " " && chosen && !event.target.closest("a, button, summary")) {
      event.preventDefault();
      mark(chosen);
    }
  }, true);

  /* Only rows of this page that hold some text. */
  const sift = () => {
    const input = $("#sift");
    if (!input) return;
    const wanted = input.value.trim().toLowerCase();
    const all = rowsOf();
    all.forEach((row) => { row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted); });
    const left = all.filter((row) => !row.hidden).length;
    $("#sifted").textContent = wanted ? `${left} of these ${all.length}` : "";
  };
  document.addEventListener("input", (event) => { if (event.target.id === "sift") sift(); });

  /* What is running can be ended; the server then ends it in the database. */
  const running = new Set();
  const isOfResults = (context) => {
    const target = context && context.target;
    return target instanceof Element && (target.id === "results" || target.closest("#results") !== null);
  };
  const isSearching = () => [...running].some((context) => context.target.id === "results" && !context.quiet);
  const cancel = () => {
    running.forEach((context) => context.request.abort && context.request.abort());
    const say = $("#running");
    $(".words", say).textContent = "Cancelled; these are the rows of before.";
    $("button", say).hidden = true;
    say.classList.add("over");
    say.hidden = false;
    setTimeout(hideRunning, 4000);
  };
  const hideRunning = () => {
    if (!$("#running") || [...running].some((context) => context.target.id === "results")) return;
    $("#running").hidden = true;
  };
  document.addEventListener("htmx:before:request", (event) => {
    const context = event.detail.ctx;
    if (!isOfResults(context)) return;
    if (context.target.id === "results") {
      running.forEach((other) => other.request.abort && other.request.abort());
      if (!context.quiet) {
        setTimeout(() => {
          if (!running.has(context)) return;
          const say = $("#running");
          $(".words", say).textContent = "Searching…";
          $("button", say).hidden = false;
          say.classList.remove("over");
          say.hidden = false;
        }, 250);
      }
    }
    running.add(context);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    running.delete(event.detail.ctx);
    if ($("#running") && !$("#running").classList.contains("over")) hideRunning();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("#running button")) cancel(); });

  /* Refresh in place: the first page alone, scrolled and opened as it is, new rows marked. */
  const choice = () => $("#refresh");
  const waits = () => {
    if (document.hidden) return "while this tab is hidden";
    if (here().searchParams.has("cursor")) return "on later pages";
    if ($("#results tr[aria-selected=true], #results tr.marked")) return "while a row is chosen (Esc)";
    if ($("details.menu[open], #form[open]")) return "while a menu or the form is open";
    if (document.activeElement && document.activeElement.matches("#q, #sift, #fields input")) return "while you type";
    return "";
  };
  const tell = () => {
    const say = $("#refreshed");
    if (!say || !choice()) return;
    const why = choice().value ? waits() : "";
    say.textContent = why ? `refresh waits ${why}` : "";
  };
  const refresh = async () => {
    if (!results() || waits() || running.size) return tell();
    const before = new Set(rowsOf().map((row) => row.dataset.name));
    const scroll = $("#rows");
    const top = scroll && scroll.scrollTop > 0 ? rowsOf().find((row) => row.offsetTop >= scroll.scrollTop) : null;
    const anchor = top && { name: top.dataset.name, by: top.offsetTop - scroll.scrollTop };
    const address = here();
    await go(address, { swap: "outerMorph", headers: { "hepbox-refresh": "1" }, quiet: true });
    const now = $("#rows");
    const same = anchor && now && rowsOf().find((row) => row.dataset.name === anchor.name);
    if (same) now.scrollTop = same.offsetTop - anchor.by;
    rowsOf().forEach((row) => row.classList.toggle("new", !before.has(row.dataset.name)));
    tell();
  };
  let timer = null;
  const every = () => {
    clearInterval(timer);
    sessionStorage.setItem("refresh", choice().value);
    if (choice().value) timer = setInterval(refresh, 1000 * Number(choice().value));
    tell();
  };

  /* The line's fields follow the address: a bar or a link may have changed them. */
  let followed = "";
  const follow = () => {
    const line = $("#line"), asked = results();
    if (!line || !asked) return;
    // what was typed and not asked yet stays while the same is looked for again
    const now = JSON.stringify([asked.dataset.q, asked.dataset.from, asked.dataset.to]);
    if (now === followed) return;
    followed = now;
    for (const [field, value] of [["q", asked.dataset.q], ["from", asked.dataset.from], ["to", asked.dataset.to]]) {
      const input = line.elements[field];
      if (input && value !== undefined && document.activeElement !== input) input.value = value;
      const hidden = $(`#fields input[type=hidden][name=${field}]`);
      if (hidden) hidden.value = value;
    }
    for (const field of ["from.at", "to.at"]) if (line.elements[field]) line.elements[field].value = "";
  };

  const begin = () => {
    if (!results()) return;
    if (table()) grips();
    $$(".column-choice").forEach((line) => { line.draggable = true; });
    $$("[data-scripted]").forEach((one) => { one.hidden = false; });
    sayMarked();
    rove();
    sift();
    tell();
  };
  document.addEventListener("htmx:after:swap", () => { begin(); follow(); });
  document.addEventListener("click", () => setTimeout(tell));
  document.addEventListener("visibilitychange", tell);
  document.addEventListener("DOMContentLoaded", () => {
    begin();
    follow();
    const select = choice();
    if (!select || !results()) return;
    select.hidden = false;
    const kept = sessionStorage.getItem("refresh") || "";
    select.value = [...select.options].some((one) => one.value === kept) ? kept : "";
    select.addEventListener("change", every);
    every();
  });
})();
