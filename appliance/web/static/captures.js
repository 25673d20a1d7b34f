/* The import's form with a progress bar, and files dropped anywhere on the page; the form works without. */
(() => {
  "use strict";
  const form = document.querySelector("#upload");
  if (!form) return;
  const file = form.querySelector("input[type=file]");
  const bar = form.querySelector("#sent");
  const words = form.querySelector("#sent-words");
  const problem = form.querySelector("#upload-problem");
  form.querySelector("#drop-words").hidden = false;
  const button = form.querySelector("button");
  const say = (sentence) => {
    problem.textContent = sentence;
    problem.hidden = !sentence;
    bar.hidden = true;
    button.disabled = file.disabled = false;
    words.textContent = "";
  };
  const send = () => {
    const chosen = file.files[0];
    if (chosen && chosen.size > Number(form.dataset.largest)) {
      return say(`${chosen.name} is larger than 1 GiB; split it, for example by editcap -c 1000000.`);
    }
    const asked = new XMLHttpRequest();
    const body = new FormData(form);
    asked.upload.addEventListener("progress", (event) => {
      const percent = event.lengthComputable ? Math.floor((100 * event.loaded) / event.total) : 0;
      bar.value = percent;
      words.textContent = `${percent} % sent`;
    });
    asked.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(asked.responseText, "text/html");
      const said = page.querySelector("#upload-problem");
      if (asked.status === 200 && !said) return location.assign(asked.responseURL);
      return say((said && said.textContent) || "The file was refused; load this page anew and try again.");
    });
    asked.addEventListener("error", () => say("The connection broke while the file was sent; try again."));
    asked.open("POST", form.action);
    asked.send(body);
    problem.hidden = true;
    bar.hidden = false;
    button.disabled = file.disabled = true;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  const files = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!files(event)) return;
    event.preventDefault();
    form.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    if (!files(event)) return;
    event.preventDefault();
    form.classList.remove("dropping");
    if (file.disabled || !event.dataTransfer.files.length) return;
    file.files = event.dataTransfer.files;
    send();
  });
})();
