// Sound recorded in the browser. Every two seconds of it go into the browser's own store, so that a closed tab or
// a dead battery loses no more; from there it is sent in pieces like any other file, and forgotten once it arrived.
import { sendFile } from "./upload.js";

const SLICE = 2000;
const KINDS = [["audio/webm;codecs=opus", "webm"], ["audio/webm", "webm"], ["audio/mp4", "m4a"]];
const REFUSED = {
  NotAllowedError: "The browser may not use the microphone. Allow it for this site in the browser’s settings, then press Record sound again.",
  NotFoundError: "No microphone was found. Connect one, then press Record sound again.",
  NotReadableError: "The microphone is in use by another program. Close that program, then press Record sound again.",
};
const NO_STORE = "This browser keeps nothing on this device, so a cut would lose the recording. Record with another program and add the file.";

const say = (text) => dispatchEvent(new CustomEvent("say", { detail: text }));
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;
const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function store() {
  const request = indexedDB.open("recordings", 1);
  request.onupgradeneeded = () => {
    const pieces = request.result.createObjectStore("pieces", { autoIncrement: true });
    pieces.createIndex("place", "place");
    pieces.createIndex("take", "take");
  };
  return asked(request);
}
const pieces = async (mode) => (await store()).transaction("pieces", mode).objectStore("pieces");
const keep = async (piece) => asked((await pieces("readwrite")).add(piece));
const ofTake = async (take) => asked((await pieces("readonly")).index("take").getAll(take));
const ofPlace = async (place) => asked((await pieces("readonly")).index("place").getAll(place));
async function forget(take) {
  const all = await pieces("readwrite");
  for (const key of await asked(all.index("take").getAllKeys(take))) all.delete(key);
}

// A page that was lost leaves the last block of its recording cut; the file ends before it, so that it is whole.
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
function wholeLength(bytes) {
  const number = (at, length) => bytes.subarray(at, at + length).reduce((sum, byte) => sum * 256 + byte, 0);
  let at = 0;
  while (at < bytes.length) {
    const idLength = Math.clz32(bytes[at]) - 23;
    const sizeLength = Math.clz32(bytes[at + idLength]) - 23;
    const start = at + idLength + sizeLength;
    if (start > bytes.length || idLength > 4 || sizeLength > 8) break;
    const id = number(at, idLength);
    const size = number(at + idLength, sizeLength) - 2 ** (7 * sizeLength);
    const isOpen = size === 2 ** (7 * sizeLength) - 1 || (sizeLength === 8 && size >= 2 ** 56 - 2);
    if (id === SEGMENT || (id === CLUSTER && isOpen)) at = start;
    else if (isOpen || start + size > bytes.length) break;
    else at = start + size;
  }
  return at;
}
async function fileOf(held, name, take) {
  const blob = new Blob(held.map((row) => row.blob));
  const isWebm = held[0].kind === "webm";
  const length = isWebm ? wholeLength(new Uint8Array(await blob.arrayBuffer())) : blob.size;
  return new File([blob.slice(0, length)], name, { lastModified: take });
}

class Recorder {
  constructor(box) {
    this.box = box;
    this.place = box.dataset.recorder;
    this.most = Number(box.dataset.most);
    this.says = box.querySelector("[data-rec-says]");
    this.buttons = box.querySelector("[data-rec-buttons]");
    this.idle();
    box.hidden = false;
    this.findLeft();
  }

  // The part draws its form anew when a file arrives.
  get form() { return document.getElementById(this.box.dataset.files).form; }

  draw(text, words) {
    this.says.textContent = text;
    const had = this.buttons.contains(document.activeElement);
    this.buttons.replaceChildren(...words.map(([word, act]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary btn-sm", textContent: word });
      button.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: ` for ${this.box.dataset.name}` }));
      button.addEventListener("click", act);
      return button;
    }));
    if (had) this.buttons.querySelector("button")?.focus();
  }

  idle(text = "") { this.draw(text, [["Record sound", () => this.start()]]); }

  async findLeft() {
    const left = await ofPlace(this.place).catch(() => []);
    if (!left.length) return;
    const take = left[0].take;
    const begun = new Date(take).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    this.draw(`A recording of ${begun} is kept on this device and did not arrive.`, [
      ["Add it", () => this.send(take)],
      ["Discard it", async () => { await forget(take); this.idle("Discarded."); this.findLeft(); }],
    ]);
  }

  async start() {
    const kind = KINDS.find(([type]) => window.MediaRecorder?.isTypeSupported(type));
    if (!kind || !navigator.mediaDevices) { this.idle("This browser cannot record. Record with another program and add the file."); return; }
    try { await store(); } catch { this.idle(NO_STORE); return; }
    try { this.stream = await navigator.mediaDevices.getUserMedia({ audio: true }); }
    catch (error) { const text = REFUSED[error.name] || "The microphone could not be opened. Try again."; this.idle(text); say(text); return; }
    Object.assign(this, { kind, take: Date.now(), bytes: 0, seconds: 0, kept: Promise.resolve() });
    this.recorder = new MediaRecorder(this.stream, { mimeType: kind[0], audioBitsPerSecond: 48000 });
    this.recorder.addEventListener("dataavailable", (event) => this.piece(event.data));
    this.recorder.addEventListener("stop", () => this.stopped());
    this.stream.getAudioTracks()[0].addEventListener("ended", () => this.stop());
    this.recorder.start(SLICE);
    this.timer = setInterval(() => this.tick(), 1000);
    addEventListener("beforeunload", this.warn = (event) => event.preventDefault());
    say("Recording.");
    this.running();
  }

  running() { this.draw(`Recording ${clock(this.seconds)}`, [["Stop and add", () => this.stop()], ["Pause", () => this.pause()]]); }

  tick() {
    if (this.recorder.state !== "recording") return;
    this.seconds += 1;
    this.says.textContent = `Recording ${clock(this.seconds)}`;
  }

  pause() {
    this.recorder.pause();
    this.draw(`Paused at ${clock(this.seconds)}`, [["Carry on", () => { this.recorder.resume(); this.running(); }], ["Stop and add", () => this.stop()]]);
  }

  piece(blob) {
    if (!blob.size) return;
    this.bytes += blob.size;
    const row = { place: this.place, take: this.take, kind: this.kind[1], blob };
    this.kept = this.kept.then(() => keep(row)).catch(() => { this.isFull = true; this.stop(); });
    if (this.bytes > this.most - 1024 * 1024) this.stop();
  }

  stop() { if (this.recorder.state !== "inactive") this.recorder.stop(); }

  async stopped() {
    clearInterval(this.timer);
    removeEventListener("beforeunload", this.warn);
    for (const track of this.stream.getTracks()) track.stop();
    await this.kept;
    await this.send(this.take, this.isFull ? "This device has no room for more, so the recording was stopped." : "");
  }

  async send(take, text = "") {
    const held = await ofTake(take);
    if (!held.length) { this.idle("Nothing was recorded. Try again."); return; }
    const day = new Date(take);
    const stamp = new Date(take - day.getTimezoneOffset() * 60000).toISOString();
    const name = `Recording ${stamp.slice(0, 10)} ${stamp.slice(11, 19).replaceAll(":", ".")}.${held[0].kind}`;
    const file = await fileOf(held, name, take);
    this.idle(`${text} ${name} is being added.`.trim());
    say(this.says.textContent);
    sendFile(this.form, file, () => {
      forget(take);
      if (this.recorder?.state !== "recording" && this.recorder?.state !== "paused") this.idle(`${name} was added.`);
    });
  }
}

export function startRecorders() {
  for (const box of document.querySelectorAll("[data-recorder]")) new Recorder(box);
}
