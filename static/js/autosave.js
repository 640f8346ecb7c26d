// Autosave: every change is kept on this device until the server has answered, and sent again when it has not.
import { changedForms, letGo } from "./guarded.js";
import { bringBack, drop, keep as keepCopy, keptForms, letFall, startKeeping, textOf, words } from "./kept.js";

const LONGEST = 2000; // somebody who types without a pause is not left unsaved longer than this
const forms = new Set();
let speak = () => {};
let focusOn = () => {};

const time = () => new Date().toLocaleTimeString("en-GB");
const touched = new WeakMap(); // which fields of a form were typed into since it was last saved
const since = new WeakMap(); // when a form was typed into first since it was last sent
const joined = new WeakSet(); // forms that hold both texts of a clash, which the person has not yet made one

const kept = () => keptForms().filter((form) => form.matches("[data-autosave]"));
function keep(form) {
  joined.delete(form);
  keepCopy(form);
}
const isUnsaved = (form) => form.isConnected && form.querySelector("[data-save-slot]:is([data-state=failed], [data-state=retry])");
const unsaved = () => [...forms].filter(isUnsaved);
const onTheWay = () => kept().some((form) => !isUnsaved(form));
const changes = (count) => (count === 1 ? "1 change is" : `${count} changes are`);
function status(form, text, state = "") {
  for (const slot of form.querySelectorAll("[data-save-slot]")) { slot.textContent = text; slot.dataset.state = state; }
  const [words, sum] = state === "saved" || state === "failed" ? summary() : [text, state];
  for (const slot of document.querySelectorAll("[data-save-all]")) { slot.textContent = words; slot.dataset.state = sum; }
}
// What the page says of all its forms once one of them was answered
function summary() {
  if (onTheWay()) return ["Saving…", ""];
  const count = unsaved().length;
  return count ? [`${changes(count)} not saved`, "failed"] : [`All changes saved ${time()}`, "saved"];
}
function send(form) {
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

export const unsavedTexts = () => kept().length;
export const unsavedCount = () => kept().length + changedForms().length;
export const unsavedWords = () => changes(unsavedCount());
export const unsavedForm = () => unsaved()[0];
// Comes to its end when nothing is on its way any more, whether it was saved or not
export function settled() {
  return new Promise((resolve) => {
    if (!onTheWay()) { resolve(); return; }
    document.addEventListener("htmx:afterRequest", function look() {
      if (onTheWay()) return;
      document.removeEventListener("htmx:afterRequest", look);
      resolve();
    });
  });
}
export function unsavedField(form) {
  const typed = [...form.elements].find((field) => touched.get(form)?.has(field));
  return staleOf(form) || typed || form.querySelector("input:not([type=hidden]), textarea");
}
export function discardAll() {
  for (const form of keptForms()) drop(form);
  letGo();
}
export function resendAll() {
  for (const form of kept()) if (!joined.has(form)) send(form);
}

// A copy from an earlier visit goes back into the form with the version it was typed against:
// the server saves it, or answers 409 with both texts.
async function restore(form) {
  if (!await bringBack(form)) return false;
  status(form, "Kept on this device. Saving…");
  send(form);
  return true;
}

async function adopt() {
  const fresh = [...document.querySelectorAll("form[data-autosave]")].filter((form) => !forms.has(form));
  for (const form of fresh) forms.add(form);
  for (const form of forms) {
    if (!form.isConnected) { forms.delete(form); letFall(form); }
  }
  const back = await Promise.all(fresh.map(restore));
  if (back.some(Boolean)) dispatchEvent(new CustomEvent("toast", { detail: "What you typed before was kept on this device. It is back, and is being saved." }));
}

// A link inside of a form asks for something else than to be saved
const formSaving = (element) => (element.matches?.("a") ? null : element.closest?.("form[data-autosave]"));
const staleOf = (form) => document.querySelector(`[data-stale][data-form="${CSS.escape(form.id)}"]`);

// Two fields of one form may both have changed: it is sent when the last of them is settled. Until then,
// and until joined texts are edited, the copy on the device stays what was typed, against the old version.
function settleStale(event) {
  const button = event.target.closest("[data-stale] button[name=resolve]");
  if (!button) return;
  const box = button.closest("[data-stale]");
  const form = document.getElementById(box.dataset.form);
  const field = document.getElementById(box.dataset.field);
  if (!form || !field) return;
  event.preventDefault();
  const theirs = box.querySelector("[data-theirs]").textContent;
  if (button.value === "together" && !field.matches("textarea")) return;
  if (button.value === "theirs") take(field, theirs);
  if (button.value === "together") {
    field.value = `${field.value}\n\n${theirs}`;
    joined.add(form);
  }
  box.remove();
  const other = staleOf(form);
  focusOn(other || field);
  if (other) return;
  const version = form.elements.namedItem("version");
  if (version) version.value = box.dataset.version;
  form.dataset.version = box.dataset.version;
  if (joined.has(form)) {
    status(form, "Both texts are in the field. Edit it, and it is saved.", "failed");
    return;
  }
  keep(form);
  send(form);
}
// A choice is a set of radio buttons; anything else holds text
function take(field, theirs) {
  const radios = [...field.querySelectorAll?.("input[type=radio]") || []];
  for (const radio of radios) radio.checked = radio.value === theirs.trim().toUpperCase();
  if (!radios.length) field.value = theirs;
}

export function startAutosave(tools) {
  ({ speak, focusOn } = tools);
  startKeeping(tools.person);
  const typed = (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (!form || !event.isTrusted) return;
    keep(form);
    if (!touched.has(form)) touched.set(form, new Set());
    touched.get(form).add(event.target);
    if (!isUnsaved(form)) status(form, "Saving…");
    if (!since.has(form)) since.set(form, Date.now());
    else if (Date.now() - since.get(form) > LONGEST) { since.set(form, Date.now()); send(form); }
  };
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("click", settleStale);
  // What stands in a field that could not be saved is not what is stored: the verdict counts neither
  document.addEventListener("htmx:configRequest", (event) => {
    const form = formSaving(event.target);
    const items = form ? unsaved().filter((other) => other !== form).map((other) => other.closest("[data-item]")) : [];
    for (const item of items) if (item) event.detail.formData.append("unsaved", item.id);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formSaving(event.target);
    if (!form) return;
    if (staleOf(form)) { event.preventDefault(); return; } // until it is settled, nothing can be saved
    if (joined.has(form)) keep(form);
    form.sentText = words(form);
    since.delete(form);
    status(form, "Saving…");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formSaving(event.target);
    const answer = event.detail.xhr?.status || 0;
    if (!form) return;
    if (answer >= 200 && answer < 300) {
      if (textOf(form) !== undefined && textOf(form) !== form.sentText) { status(form, "Saving…"); return; } // typed since
      drop(form);
      touched.delete(form);
      status(form, `Saved ${time().slice(0, 5)}`, "saved");
      if (!event.detail.xhr.getResponseHeader("HX-Trigger")?.includes("say")) speak("say", `Saved ${time().slice(0, 5)}`);
    } else if (answer === 409) {
      status(form, "Not saved: choose which version to keep", "failed");
      speak("shout", "This changed in another tab. Both versions are below; choose which to keep.");
    } else if (answer === 422) {
      status(form, "Not saved yet", "failed");
    } else if (answer === 0) {
      status(form, "Not connected. Kept on this device; saved when you are back.", "retry");
      speak("shout", "Not connected. Kept on this device; saved when you are back.");
    } else if (answer === 403 && event.detail.xhr.getResponseHeader("X-CSRF-Refused")) {
      status(form, "Not saved yet. Trying again…", "retry");
    } else if (answer === 401) {
      status(form, "Not saved: you are signed out", "failed");
    } else {
      status(form, "Not saved yet. What you typed is still here.", answer >= 500 ? "retry" : "failed");
    }
  });
  document.addEventListener("htmx:load", adopt);
  addEventListener("online", resendAll);
  setInterval(retry, 20000);
}

// The browser may think it is connected while the server is not reachable
function retry() {
  for (const form of kept()) {
    if (form.querySelector("[data-save-slot][data-state=retry]")) send(form);
  }
}
