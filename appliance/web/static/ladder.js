/* The ladder of a call: the keys of sngrep, marks, drags. Everything here follows links and forms of the page itself,
   which all work without a script. */
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
  const plain = (event) => !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey && event.button === 0;
  const remember = (name, value) => { document.cookie = `${name}=${value}; path=/calls/; max-age=31536000; samesite=lax`; };

  /* One arrow is chosen, its message is docked beside it, and the address says which. */
  const arrows = () => $$("#ladder a.arrow");
  const drawn = () => $$("#ladder a.arrow, #ladder a.mark");
  const chosen = () => $("#ladder a.chosen");
  const choose = (arrow) => {
    $$("#ladder a.chosen").forEach((one) => one.classList.remove("chosen"));
    if (arrow) arrow.classList.add("chosen");
  };
  const inSight = (arrow) => {
    const pane = $("#ladder");
    const heads = $("#ladder .heads").offsetHeight;
    const box = arrow.querySelector(".hit").getBoundingClientRect();
    const view = pane.getBoundingClientRect();
    if (box.top < view.top + heads) pane.scrollTop -= view.top + heads - box.top;
    else if (box.bottom > view.bottom) pane.scrollTop += box.bottom - view.bottom;
    const line = arrow.querySelector(".line, .sign").getBoundingClientRect();
    if (line.right > view.right) pane.scrollLeft += Math.min(line.right - view.right + 12, line.left - view.left - 12);
    else if (line.left < view.left) pane.scrollLeft -= view.left - line.left + 12;
  };
  const markOf = (address) => new URL(address).searchParams.get("mark") || "";
  const marked = () => markOf(location.href);
  const withMark = (address, mark) => {
    const found = new URL(address, location.href);
    if (mark) found.searchParams.set("mark", mark);
    else found.searchParams.delete("mark");
    return found;
  };
  /* The latest message that was asked for wins, however quickly the keys come. */
  let waiting = null;
  let asking = null;
  const PART = { "HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "aside#dock" };
  const fetchDock = async (address) => {
    if (asking) asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await fetch(address.pathname + address.search, { headers: PART, signal });
      const shown = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#dock");
      if (!answer.ok || answer.redirected || !shown) location.assign(address);
      else $("#dock").replaceWith(document.adoptNode(shown));
    } catch (error) {
      if (error.name !== "AbortError") $("#dock").textContent = "The message could not be fetched; try again.";
    }
  };
  /* What is chosen and marked goes along with the next choice of the bar. */
  const carry = (message, mark) => {
    const along = (text) => {
      const found = withMark(text, mark);
      found.searchParams.set("message", message);
      return found.pathname + found.search;
    };
    $$(".choices a[href^='/calls/'][hx-get], .hidden-words a, .choices a[data-choice=raw]").forEach((link) => {
      const address = along(link.getAttribute("href"));
      link.setAttribute("href", address);
      if (link.hasAttribute("hx-get")) link.setAttribute("hx-get", address);
    });
    const form = $(".choices form");
    Object.entries({ message, mark }).forEach(([name, value]) => {
      const before = $(`input[type=hidden][name=${name}]`, form);
      const input = before || Object.assign(document.createElement("input"), { type: "hidden", name });
      input.value = value;
      if (value && !before) form.append(input);
      if (!value && before) before.remove();
    });
  };
  const go = (address, message) => {
    carry(message, markOf(address.href));
    history.replaceState(history.state, "", address.href);
    clearTimeout(waiting);
    waiting = setTimeout(() => fetchDock(address), 25);
  };
  const dock = (arrow) => {
    choose(arrow);
    inSight(arrow);
    go(withMark(arrow.getAttribute("href"), marked()), arrow.dataset.message);
  };
  /* From one message to the next as the links say, also to those that a mark stands for. */
  const follow = (link) => {
    const message = new URL(link.href).searchParams.get("message");
    const found = drawn().find((one) => one.dataset.message === message);
    if (found) dock(found);
    else go(withMark(link.href, marked()), message);
  };
  const moveTo = (place) => {
    const all = arrows();
    const next = all[Math.min(all.length - 1, Math.max(0, place))];
    if (next && next !== chosen()) dock(next);
  };
  const move = (step) => {
    const beside = chosen() && chosen().matches("a.mark");
    const link = beside ? $(`#dock .step a[rel=${step > 0 ? "next" : "prev"}]`) : null;
    if (link) return follow(link);
    const all = arrows();
    const place = all.indexOf(chosen());
    return moveTo(place < 0 ? (step > 0 ? 0 : all.length - 1) : place + step);
  };
  const screenful = () => {
    const row = $("#ladder a.arrow .hit");
    const height = $("#ladder").clientHeight - $("#ladder .heads").offsetHeight;
    return row ? Math.max(1, Math.floor(height / row.getBoundingClientRect().height) - 1) : 1;
  };
  const showDocked = () => {
    const shown = $("#dock");
    if (!shown || !shown.dataset.message || !$("#ladder")) return;
    choose(drawn().find((one) => one.dataset.message === shown.dataset.message));
  };

  /* Space marks; a second Space on another message compares the two. */
  const mark = () => {
    const arrow = chosen();
    if (!arrow) return;
    const id = arrow.dataset.message;
    const before = marked();
    if (before && before !== id) {
      location.assign(`/compare?${new URLSearchParams({ a: before, b: id })}`);
      return;
    }
    const now = before === id ? "" : id;
    $$("#ladder a.marked").forEach((one) => one.classList.remove("marked"));
    if (now) arrow.classList.add("marked");
    go(withMark(location.href, now), id);
  };

  /* Under the pointer or the focus: the transaction of this hop, and less so the same request on all hops. */
  let lit = null;
  const light = (arrow) => {
    if (arrow === lit) return;
    lit = arrow;
    const hop = arrow ? arrow.dataset.t : null;
    const exchange = arrow ? arrow.dataset.e : null;
    arrows().forEach((one) => {
      one.classList.toggle("same", hop !== null && one.dataset.t === hop);
      one.classList.toggle("related", exchange !== null && one.dataset.e === exchange && one.dataset.t !== hop);
    });
  };
  document.addEventListener("pointerover", (event) => light(event.target.closest("#ladder a.arrow")));

  /* Choices: the links of the bar, by key; the usual ones of this browser are kept for its other calls. */
  const waitingKeys = [];
  let pressed = null;
  const press = (name) => {
    if (pressed) return waitingKeys.push(name);
    const link = $(`#flow [data-choice="${name}"]`);
    if (!link) return 0;
    pressed = setTimeout(released, 3000);
    return link.click();
  };
  /* The next key waits for the links that the one before brings. */
  const released = () => {
    clearTimeout(pressed);
    pressed = null;
    if (waitingKeys.length) press(waitingKeys.shift());
  };
  const USUAL = { time: "absolute", colour: "class", sdp: "0", media: "1" };
  const keepChoice = (link) => {
    const group = link.dataset.keep;
    const kept = new URLSearchParams((document.cookie.match(/(?:^|; )ladder=([^;]*)/) || [])[1] || "");
    kept.set(group, new URL(link.href).searchParams.get(group) || USUAL[group]);
    remember("ladder", String(kept));
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".choices a[data-keep]");
    if (link) keepChoice(link);
    const arrow = event.target.closest("#ladder a.arrow, #ladder a.mark");
    const step = event.target.closest("#dock .step a[rel]");
    if ((arrow || step) && plain(event)) {
      event.preventDefault();
      if (arrow) dock(arrow);
      else follow(step);
      return;
    }
    if (event.target.closest("[data-help]")) $("#keys").showModal();
    /* Ctrl+click on the check box of a leg: only this one. */
    const leg = event.target.closest("li.leg label");
    if (leg && (event.ctrlKey || event.metaKey)) {
      const address = new URL(location.href);
      ["legs", "leg", "message"].forEach((name) => address.searchParams.delete(name));
      address.searchParams.set("leg", $("input", leg).value);
      event.preventDefault();
      location.assign(address);
    }
  });

  /* The message beside the ladder: as wide as somebody drags it, kept for the next call. */
  const SIZES = [42, 60, 0, 30];
  const narrow = () => matchMedia("(max-width: 900px)").matches;
  const size = () => Number(localStorage.getItem("ladder.raw") || NaN);
  const setSize = (percent, keep = true) => {
    const flow = $("#flow");
    if (!flow) return;
    flow.classList.toggle("alone", percent === 0);
    flow.classList.toggle("sized", percent > 0);
    flow.style.setProperty("--raw", `${percent}%`);
    $("#splitter").setAttribute("aria-valuenow", String(Math.round(percent)));
    if (keep) localStorage.setItem("ladder.raw", String(Math.round(percent)));
  };
  const nextSize = () => {
    const now = Number.isNaN(size()) ? SIZES[0] : size();
    const place = SIZES.indexOf(now);
    setSize(SIZES[(place + 1) % SIZES.length]);
  };
  const hideRaw = () => {
    const before = Number(localStorage.getItem("ladder.before") || SIZES[0]);
    if (size() === 0) return setSize(before);
    localStorage.setItem("ladder.before", String(Number.isNaN(size()) ? SIZES[0] : size()));
    return setSize(0);
  };
  let splitting = null;
  document.addEventListener("pointerdown", (event) => {
    if (event.target.id !== "splitter") return;
    event.preventDefault();
    splitting = event.target;
    splitting.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!splitting) return;
    const box = $("#flow .split").getBoundingClientRect();
    const part = narrow() ? (box.bottom - event.clientY) / box.height : (box.right - event.clientX) / box.width;
    setSize(Math.min(85, Math.max(15, 100 * part)));
  });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => { splitting = null; }));

  /* A head dragged onto another: the two are one column. */
  let head = null;
  const headAt = (event) => {
    const found = document.elementFromPoint(event.clientX, event.clientY);
    return found ? found.closest("#ladder .heads .hosts") : null;
  };
  document.addEventListener("pointerdown", (event) => {
    const found = event.pointerType !== "touch" && event.button === 0 ? event.target.closest("#ladder .heads .hosts") : null;
    head = found ? { element: found, x: event.clientX } : null;
    if (found) event.preventDefault();
  });
  document.addEventListener("pointermove", (event) => {
    if (!head) return;
    const over = headAt(event);
    $$("#ladder .heads .hosts").forEach((one) => one.classList.toggle("target", one === over && one !== head.element));
    head.element.classList.toggle("dragged", Math.abs(event.clientX - head.x) > 8);
  });
  document.addEventListener("pointerup", (event) => {
    if (!head) return;
    const { element } = head;
    const over = headAt(event);
    $$("#ladder .heads .hosts").forEach((one) => one.classList.remove("target", "dragged"));
    head = null;
    if (!over || over === element) return;
    const address = new URL(location.href);
    const merged = [over, element].flatMap((one) => one.dataset.keys.split(" ")).join("~");
    address.searchParams.set("hosts", [address.searchParams.get("hosts"), merged].filter(Boolean).join(","));
    address.hash = "";
    location.assign(address);
  });
  const keys = {
    "j": () => move(1),
    "k": () => move(-1),
    "ArrowDown": () => move(1),
    "ArrowUp": () => move(-1),
    "Home": () => moveTo(0),
    "End": () => moveTo(Infinity),
    "PageDown": () => moveTo(arrows().indexOf(chosen()) + screenful()),
    "PageUp": () => moveTo(arrows().indexOf(chosen()) - screenful()),
    "Enter": () => { const open = $("#dock .open"); if (open) location.assign(open.href); },
    " ": mark,
    "w": () => press("time-next"),
    "c": () => press("colour-next"),
    "d": () => press("sdp"),
    "m": () => press("media"),
    "x": () => press("legs"),
    "f": () => {
      const menu = $("#hide-menu");
      menu.open = !menu.open;
      if (menu.open) $("input", menu).focus();
    },
    "r": nextSize,
    "t": hideRaw,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !$("#ladder")) return;
    if (event.key === "Escape") {
      $$("#flow details.menu[open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
      return;
    }
    if (event.target.id === "splitter" && ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key)) {
      event.preventDefault();
      const step = ["ArrowLeft", "ArrowUp"].includes(event.key) ? 3 : -3;
      return setSize(Math.min(85, Math.max(15, (size() || SIZES[0]) + step)));
    }
    if ($("#keys").open || !Object.hasOwn(keys, event.key)) return;
    const control = event.target.closest("button, summary, label, input, a:not(.arrow):not(.mark)");
    if (["Enter", " "].includes(event.key) && control) return;
    if (/^(Arrow|Page|Home|End)/.test(event.key) && event.target.closest(".raw, .popover")) return;
    event.preventDefault();
    keys[event.key]();
  }, true);

  /* A body that was unfolded stays so for the next message. */
  document.addEventListener("toggle", (event) => {
    if (event.target.matches && event.target.matches("#dock details.part")) {
      remember("body", event.target.open ? "open" : "folded");
    }
  }, true);

  const ready = () => {
    $$("#splitter, #flow [data-help]").forEach((one) => { one.hidden = false; });
    if (!Number.isNaN(size())) setSize(size(), false);
    showDocked();
    if (chosen()) inSight(chosen());
  };
  document.addEventListener("htmx:after:swap", () => {
    if (!$("#flow")) return;
    if ($("#splitter").hidden) ready();
    released();
  });
  ready();
})();
