// Sends files one by one, a few at a time: the good ones stay whatever becomes of the others.

for (const zone of document.querySelectorAll("[data-upload]")) {
  new DropZone(zone);
}

function DropZone(zone) {
  const part = (selector) => zone.querySelector(selector);
  const jobs = [];

  part(".drop-zone-input").addEventListener("change", (event) => {
    add([...event.target.files]);
    event.target.value = "";
  });
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    add([...event.dataTransfer.files]);
  });
  part('[data-do="cancel"]').addEventListener("click", cancel);
  part('[data-do="retry"]').addEventListener("click", retry);
  window.addEventListener("beforeunload", (event) => {
    if (jobs.some((job) => job.state === "waiting" || job.state === "sending")) event.preventDefault();
  });

  function add(files) {
    const limit = Number(zone.dataset.limit);
    for (const file of files.slice(0, limit)) jobs.push(addRow(file));
    if (files.length > limit) for (const file of files.slice(limit)) {
      finish(addRow(file), "failed", `The limit is ${limit} at once. Drop this one again afterward.`);
    }
    part(".drop-zone-report").hidden = false;
    fillLanes();
  }

  function addRow(file) {
    const row = document.createElement("li");
    const name = document.createElement("span");
    name.className = "drop-zone-name";
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const word = document.createElement("span");
    word.className = "drop-zone-word";
    word.textContent = "Waiting…";
    row.append(name, bar, word);
    part(".drop-zone-files").append(row);
    return { file, row, bar, word, state: "waiting" };
  }

  function fillLanes() {
    const sending = jobs.filter((job) => job.state === "sending").length;
    const free = Math.max(0, Number(zone.dataset.lanes) - sending);
    for (const job of jobs.filter((each) => each.state === "waiting").slice(0, free)) send(job);
    sum();
  }

  function send(job) {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", job.file);
    job.state = "sending";
    job.word.textContent = "Uploading…";
    job.request = request;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) job.bar.value = event.loaded / event.total;
      if (event.loaded === event.total) job.word.textContent = "Reading…";
    });
    request.addEventListener("load", () => answered(job, request));
    request.addEventListener("error", () => finish(job, "failed", "The connection was lost. Try again."));
    request.addEventListener("abort", () => finish(job, "cancelled", "Canceled."));
    request.addEventListener("loadend", fillLanes);
    request.open("POST", zone.dataset.upload);
    request.setRequestHeader("X-CSRFToken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    request.send(body);
  }

  function answered(job, request) {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer.detail = "The server’s answer could not be read. Log in again in another tab, then try again.";
    }
    if (request.status < 300) {
      const said = answer.note || (answer.needs_check ? "Added. Check its credit." : "Added.");
      finish(job, answer.note ? "held" : "done", [said, answer.left_out].filter(Boolean).join(" "), answer);
      if (answer.similar) linkTo(job, answer.similar_url, answer.similar);
    } else {
      finish(job, request.status === 422 || request.status === 409 ? "refused" : "failed", answer.detail, answer.existing);
    }
  }

  function finish(job, state, sentence, photo) {
    job.state = state;
    job.bar.hidden = true;
    job.row.className = `is-${state}`;
    job.word.textContent = sentence;
    if (photo?.url) linkTo(job, photo.url, photo.title);
  }

  function linkTo(job, address, words) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = words;
    job.word.append(" ", link);
  }

  function cancel() {
    // Those that wait come first: a lane that an abort frees takes the next one at once.
    for (const job of jobs) if (job.state === "waiting") finish(job, "cancelled", "Canceled.");
    for (const job of jobs) if (job.state === "sending") job.request.abort();
    sum();
  }

  function retry() {
    for (const job of jobs) {
      if (job.state !== "failed" && job.state !== "cancelled") continue;
      job.state = "waiting";
      job.bar.hidden = false;
      job.bar.value = 0;
      job.row.className = "";
      job.word.textContent = "Waiting…";
    }
    fillLanes();
  }

  function sum() {
    const count = (...states) => jobs.filter((job) => states.includes(job.state)).length;
    const open = count("waiting", "sending");
    const done = count("done");
    const not = count("refused", "failed", "cancelled");
    const words = [`${done} of ${jobs.length} added`];
    if (count("held")) words.push(`${count("held")} held to compare`);
    if (count("refused", "failed")) words.push(`${count("refused", "failed")} refused`);
    if (count("cancelled")) words.push(`${count("cancelled")} canceled`);
    if (open) words.push(`${open} to go`);
    part(".drop-zone-sum").textContent = `${words.join(", ")}.`;
    part('[data-do="cancel"]').hidden = !open;
    part('[data-do="retry"]').hidden = open > 0 || !count("failed", "cancelled");
    part('[data-do="show"]').hidden = open > 0 || !done || zone.dataset.then === "reload";
    if (zone.dataset.then === "reload" && !open && done && !not) window.location.reload();
  }
}
