// Files in pieces (tus 1.0): several at once, with progress, paused and carried on, and by themselves after a cut.
const PIECE = 4 * 1024 * 1024;
const AT_ONCE = 2;
const WAITS = [1000, 2000, 4000, 8000, 15000];
const TUS = { "Tus-Resumable": "1.0.0" };
const LOST = "Connection lost. It carries on by itself.";

const running = new Set();
const queue = [];
let csrf = () => "";
let signedOut = () => {};

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const megabytes = (bytes) => (bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(bytes < 10485760 ? 1 : 0)} MB`);
const markOf = (file) => String(file.lastModified);
const tell = (kind, text) => dispatchEvent(new CustomEvent(kind, { detail: text }));

function ask(method, url, headers, body, { onProgress, onBegun } = {}) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    const all = { ...TUS, "X-CSRFToken": csrf(), "HX-Request": "true", ...headers };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    if (onProgress) request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    for (const end of ["load", "error", "abort", "timeout"]) request.addEventListener(end, () => resolve(request));
    onBegun?.(request);
    request.send(body);
  });
}

class Upload {
  constructor(form, file, row) {
    Object.assign(this, { form, file, row, url: row.dataset.url || "", offset: 0, tries: 0, quarter: 0, turn: 0, state: "waiting" });
    row.upload = this;
    this.bar = row.querySelector("progress");
    this.bar.max = file.size;
    this.buttons = row.querySelector("[data-upload-buttons]");
    this.draw("Waiting for its turn", ["Pause", "Remove"]);
  }

  draw(text, buttons) {
    const says = this.row.querySelector("[data-upload-says]");
    if (says.textContent !== text) says.textContent = text;
    if (this.shown === buttons.join()) return;
    this.shown = buttons.join();
    const had = this.buttons.contains(document.activeElement);
    this.buttons.replaceChildren(...buttons.map((word) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: word });
      button.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: ` ${this.file.name}` }));
      button.addEventListener("click", () => this[{ Pause: "pause", "Carry on": "carryOn", Remove: "remove", Close: "close" }[word]]());
      return button;
    }));
    if (had) this.buttons.querySelector("button")?.focus();
  }

  moved(bytes) {
    this.bar.value = bytes;
    this.draw(`${megabytes(bytes)} of ${megabytes(this.file.size)}`, ["Pause", "Remove"]);
    const quarter = Math.floor((4 * bytes) / this.file.size);
    if (quarter > this.quarter && quarter < 4) tell("say", `${this.file.name}: ${quarter * 25} %`);
    this.quarter = Math.max(quarter, this.quarter);
  }

  async run() {
    this.state = "running";
    const turn = ++this.turn;
    const isOn = () => this.state === "running" && this.turn === turn;
    if (this.url) await this.whereItStands(isOn);
    while (isOn()) {
      const answer = this.url ? await this.piece() : await this.begin();
      if (!isOn()) return;
      if (answer.status === 0 || answer.status >= 500) await this.wait();
      else if (answer.status === 401) { signedOut(); await this.wait(); }
      else if (answer.status === 409) await this.whereItStands(isOn);
      else if (answer.status === 404 || answer.status === 410) this.startAgain();
      else if (answer.status >= 400) this.refused(answer.responseText);
      else this.went(answer);
    }
  }

  begin() {
    const said = `filename ${base64(this.file.name)},mark ${base64(markOf(this.file))}`;
    return ask("POST", this.form.dataset.upload, { "Upload-Length": this.file.size, "Upload-Metadata": said });
  }

  piece() {
    const body = this.file.slice(this.offset, this.offset + PIECE);
    const headers = { "Upload-Offset": this.offset, "Content-Type": "application/offset+octet-stream" };
    return ask("PATCH", this.url, headers, body, {
      onBegun: (request) => { this.request = request; },
      onProgress: (loaded) => { if (this.state === "running") this.moved(Math.min(this.offset + loaded, this.file.size)); },
    });
  }

  went(answer) {
    this.tries = 0;
    if (!this.url) { this.url = this.row.dataset.url = answer.getResponseHeader("Location"); return; }
    this.offset = Number(answer.getResponseHeader("Upload-Offset"));
    this.moved(this.offset);
    if (this.offset >= this.file.size) this.arrived();
  }

  async whereItStands(isOn) {
    while (isOn()) {
      const answer = await ask("HEAD", this.url, {});
      if (!isOn()) return;
      if (answer.status === 200) { this.offset = Number(answer.getResponseHeader("Upload-Offset")); this.moved(this.offset); return; }
      if (answer.status === 404 || answer.status === 410) { this.startAgain(); return; }
      if (answer.status === 401) signedOut();
      await this.wait();
    }
  }

  startAgain() {
    this.url = this.row.dataset.url = "";
    this.offset = 0;
  }

  wait() {
    if (!this.tries) tell("shout", LOST);
    this.draw(LOST, ["Pause", "Remove"]);
    return new Promise((resolve) => {
      const done = () => { clearTimeout(timer); removeEventListener("online", done); resolve(); };
      const timer = setTimeout(done, WAITS[Math.min(this.tries++, WAITS.length - 1)]);
      addEventListener("online", done);
    });
  }

  arrived() {
    this.end();
    this.row.remove();
    this.done?.();
    tell("say", `${this.file.name} added.`);
    window.htmx.ajax("GET", this.form.action, { source: document.getElementById(this.row.dataset.list), swap: "none" });
  }

  refused(text) {
    this.end();
    this.row.dataset.state = "refused";
    this.row.querySelector("[data-upload-says]").className = "field-error";
    this.draw(text || "This file could not be taken.", ["Close"]);
    tell("shout", text);
  }

  pause() {
    this.end("paused");
    this.request?.abort();
    this.draw(`Paused at ${megabytes(this.offset)} of ${megabytes(this.file.size)}`, ["Carry on", "Remove"]);
  }

  carryOn() {
    this.state = "waiting";
    this.draw("Waiting for its turn", ["Pause", "Remove"]);
    queue.push(this);
    next();
  }

  async remove() {
    this.end("removed");
    this.request?.abort();
    this.close();
    tell("say", `${this.file.name} removed.`);
    if (this.url) await ask("DELETE", this.url, {});
  }

  close() {
    const field = document.getElementById(this.row.dataset.list)?.parentElement.querySelector("input[type=file]");
    this.row.remove();
    field?.focus();
  }

  end(state = "ended") {
    this.state = state;
    running.delete(this);
    const at = queue.indexOf(this);
    if (at >= 0) queue.splice(at, 1);
    next();
  }
}

function next() {
  while (running.size < AT_ONCE && queue.length) {
    const upload = queue.shift();
    running.add(upload);
    upload.run();
  }
}

// A file that was on its way when the page was left is carried on; any other gets a row of its own.
function rowFor(list, file) {
  const same = (row) => !row.upload && row.dataset.length === String(file.size) && row.dataset.mark === markOf(file) && row.dataset.name === file.name;
  const found = [...list.children].find(same);
  if (found) return found;
  const row = document.createElement("li");
  row.className = "upload";
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", file.name);
  const parts = [["strong", "uploadName"], ["note", "uploadSays"], ["cluster", "uploadButtons"]].map(([name, data]) => {
    const part = Object.assign(document.createElement("span"), { className: name });
    part.dataset[data] = "";
    return part;
  });
  parts[0].textContent = file.name;
  row.append(parts[0], bar, parts[1], parts[2]);
  list.append(row);
  return row;
}

// Rows that nobody has taken up yet can still be given up.
function armLeftOvers() {
  for (const row of document.querySelectorAll(".upload[data-url]")) {
    const name = row.dataset.name;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: "Remove" });
    button.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: ` ${name}` }));
    button.addEventListener("click", async () => {
      const answer = await ask("DELETE", row.dataset.url, {});
      if (answer.status === 204 || answer.status === 404) { row.remove(); tell("say", `${name} removed.`); } else tell("toast", LOST);
    });
    row.querySelector("[data-upload-buttons]").append(button);
  }
}

function take(event) {
  const form = event.target.closest?.("form[data-upload]");
  const field = form?.querySelector("input[type=file]");
  const list = form && document.getElementById(form.dataset.coming);
  if (!list || !field.files.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  for (const file of field.files) sendFile(form, file);
  field.value = "";
}

// One file through the form of a part; `done` is told when it has arrived whole
export function sendFile(form, file, done) {
  const list = document.getElementById(form.dataset.coming);
  const row = rowFor(list, file);
  row.dataset.list = list.id;
  queue.push(Object.assign(new Upload(form, file, row), { done }));
  next();
}

// The row of a file that is on its way; one that is paused waits for the person
export const arriving = () => [...running, ...queue][0]?.row;

export function startUploads(options) {
  ({ csrf, signedOut } = options);
  // Before htmx and the page's other listeners hear of it: without this module the form is sent whole.
  document.addEventListener("submit", take, true);
  armLeftOvers();
}
