/* The query line and the fields of the form complete what is typed: comboboxes with a list (WAI-ARIA), from
   /search/complete. Without this they are plain fields, and the fold "How to write it" lists the same. */
(() => {
  "use strict";
  const input = document.getElementById("q");
  const said = document.getElementById("completion-said");
  if (!input || !said) return;
  const WAIT_MS = 90;

  /* `field` is the name of the form's field, empty for the line. */
  const combobox = (input, box, field) => {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.setAttribute("aria-controls", box.id);
    input.setAttribute("aria-expanded", "false");
    box.setAttribute("role", "listbox");

    const options = () => [...box.querySelectorAll("[role=option]")];
    const active = () => box.querySelector("[role=option][aria-selected=true]");
    const isOpen = () => !box.hidden;
    let timer = null, running = null, awaited = false, writing = false;
    let taking = false; /* Tab was pressed before the list for what is typed had come: its first is taken when it comes. */

    const mark = (option) => {
      const before = active();
      if (before) before.setAttribute("aria-selected", "false");
      if (!option) return input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    };
    const close = () => {
      awaited = taking = false;
      clearTimeout(timer);
      if (running) running.abort();
      mark(null);
      box.hidden = true;
      input.setAttribute("aria-expanded", "false");
    };
    const open = (html) => {
      awaited = false;
      box.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
      const all = options();
      mark(null);
      all.forEach((option, place) => { option.id = `${box.id}-${place}`; });
      if (field) {
        box.style.top = `${input.offsetTop + input.offsetHeight + 2}px`;
        box.style.left = `${input.offsetLeft}px`;
      }
      box.hidden = all.length === 0;
      input.setAttribute("aria-expanded", String(all.length > 0));
      said.textContent = all.length ? `${all.length} suggestions` : "";
      if (taking && all.length) return accept(all[0]);
      taking = false;
    };

    const ask = async () => {
      if (running) running.abort();
      const caret = input.selectionEnd ?? input.value.length;
      if (input.selectionStart !== input.selectionEnd && input.value) return close();
      const own = running = new AbortController();
      const parts = new URLSearchParams({ field, before: input.value.slice(0, caret), after: input.value.slice(caret) });
      try {
        const answer = await fetch(`/search/complete?${parts}`, { signal: own.signal });
        const html = answer.ok ? await answer.text() : "";
        if (running === own && document.activeElement === input) open(html);
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    };
    const askSoon = () => {
      awaited = true;
      mark(null);
      if (running) running.abort();
      running = null; /* what it answers is of what stood there before */
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT_MS);
    };

    const accept = (option) => {
      const { line, caret, go } = option.dataset;
      if (go) return location.assign(go);
      input.value = line;
      input.setSelectionRange(Number(caret), Number(caret));
      input.focus();
      input.scrollLeft = input.scrollWidth;
      close();
      if (option.hasAttribute("data-submit")) return input.form.requestSubmit();
      if (!field) return askSoon();
      writing = true;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      writing = false;
    };

    const step = (by) => {
      const all = options();
      const place = all.indexOf(active()) + by;
      mark(place < -1 ? all.at(-1) : all[place] || null);
    };
    const wordIsTyped = () => /[^\s();:]$/.test(input.value.slice(0, input.selectionEnd));

    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey || event.metaKey) return;
      if (event.ctrlKey) {
        if (event.code === "Space") { event.preventDefault(); ask(); }
        return;
      }
      const chosen = isOpen() ? active() : null;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (isOpen()) step(event.key === "ArrowDown" ? 1 : -1);
        else ask();
      } else if (event.key === "Enter" && chosen) {
        event.preventDefault();
        accept(chosen);
      } else if (event.key === "Enter") {
        close();
      } else if (event.key === "Tab" && !event.shiftKey && isOpen() && (chosen || (!field && wordIsTyped()))) {
        event.preventDefault();
        if (chosen || !awaited) accept(chosen || options()[0]);
        else taking = true;
      } else if (event.key === "Escape" && (isOpen() || awaited)) {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    });
    input.addEventListener("input", () => { if (!writing) askSoon(); });
    input.addEventListener("focus", () => { if (!field && !input.value) askSoon(); });
    input.addEventListener("click", () => { if (!isOpen()) askSoon(); });
    input.addEventListener("blur", close);
    input.form.addEventListener("submit", close);

    /* A press on the list leaves the field its caret. */
    box.addEventListener("pointerdown", (event) => event.preventDefault());
    box.addEventListener("mousedown", (event) => event.preventDefault());
    box.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) accept(option);
    });
  };
  combobox(input, document.getElementById("completion"), "");

  document.getElementById("fields")?.addEventListener("focusin", (event) => {
    const place = event.target.closest("input[name^='f.']");
    if (!place || place.hasAttribute("role")) return;
    const box = document.createElement("div");
    box.className = "completion";
    box.id = `completion-${place.name.replace(".", "-")}`;
    box.hidden = true;
    box.setAttribute("aria-label", "Suggestions");
    place.closest("fieldset").append(box);
    place.removeAttribute("list");
    combobox(place, box, place.name.slice(2));
  });

  /* The menu of saved searches is filled when it is opened; what it saves is the line as it stands, and what
     else the address says. */
  const menu = document.getElementById("searches");
  menu?.addEventListener("toggle", async () => {
    if (!menu.open) return;
    const save = menu.querySelector("form.save-search"), here = new URL(location.href);
    save.elements.q.value = input.value;
    if (here.pathname === "/search") {
      for (const name of ["from", "to", "columns"]) save.elements[name].value = here.searchParams.get(name) || "";
      save.elements.view.value = here.searchParams.get("view") || "calls";
    }
    const answer = await fetch("/searches/menu");
    if (!answer.ok) return;
    const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("searches-menu").replaceChildren(...shown.body.childNodes);
  });

  /* The form says why it is empty when the line says more than it can. */
  document.addEventListener("htmx:after:swap", () => {
    const results = document.getElementById("results"), note = document.getElementById("form-note");
    if (results && note) note.textContent = results.dataset.formNote || "";
  });
})();
