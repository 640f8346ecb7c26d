// Forms that a button saves: what was changed in them is unsaved, and kept on this device, until the server has taken
// it. They are sent without leaving the page, so that neither a lost connection nor a session that ended takes the
// page away, and so that Back from an answer that refused something leads to the page before, not to a form sent twice.
import { bringBack, drop, keep } from "./kept.js";

const FORM = "form[data-guarded]";
const away = new WeakSet(); // taken by the server, or left behind on purpose
const seen = new WeakSet();
let tools = {};

const differs = (field) => {
  if (field.matches("select")) return [...field.options].some((option) => option.defaultSelected && !option.selected);
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  return field.matches("input:not([type=hidden]), textarea") && field.value !== field.defaultValue;
};
// What the server refused comes back as it was typed, and is kept nowhere yet
const isChanged = (form) => form.dataset.guarded === "typed" || [...form.elements].some(differs);

export const changedForms = () => [...document.querySelectorAll(FORM)].filter((form) => !away.has(form) && isChanged(form));
export function letGo() {
  for (const form of changedForms()) away.add(form);
}

function say(form, text, state = "") {
  for (const slot of form.querySelectorAll("[data-kept-slot]")) { slot.textContent = text; slot.dataset.state = state; }
}
function failed(form, text) {
  say(form, text, "failed");
  tools.speak("shout", text);
}
const CUT = "Not connected. What you typed is kept on this device; press again when you are back.";
const FAULT = "Something went wrong on our side. What you typed is still here. Try again.";

function taken(form) {
  away.add(form);
  drop(form);
}

// What an earlier visit left behind is shown again, and is the person's to save or to throw away
async function offerBack(form) {
  if (!await bringBack(form)) return;
  away.add(form); // whoever leaves it once more finds it here again
  const note = Object.assign(document.createElement("div"), { className: "banner banner-info" });
  const text = "What you typed here before was kept on this device. It is back, and not saved yet.";
  const discard = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary btn-sm", textContent: "Discard it" });
  discard.addEventListener("click", () => { taken(form); location.reload(); });
  note.append(Object.assign(document.createElement("p"), { textContent: text }), discard);
  form.prepend(note);
  tools.speak("say", text);
}
function adopt() {
  for (const form of document.querySelectorAll(FORM)) {
    if (seen.has(form)) continue;
    seen.add(form);
    offerBack(form);
  }
}

// Where records save themselves on the same page, only what belongs to the form changes
function show(form, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const hasRecords = document.querySelector("#content form[data-autosave]") && page.getElementById(form.id);
  const places = hasRecords ? [`#${CSS.escape(form.id)}`, ".page-banner"] : ["#content"];
  const hasErrors = page.querySelector("[data-focus]");
  document.title = page.title;
  form.closest("dialog")?.close();
  if (page.getElementById(form.id)) drop(form); // else it is kept until its page is opened again
  for (const place of places) {
    const now = document.querySelector(place);
    const next = page.querySelector(place);
    if (!now || !next) continue;
    now.replaceWith(next);
    globalThis.htmx?.process(next);
  }
  for (const typed of document.querySelectorAll(`${FORM}[data-guarded=typed]`)) { seen.add(typed); keep(typed); }
  adopt();
  tools.arm();
  if (!hasErrors) document.getElementById("content").focus();
}

async function answered(form, event, answer) {
  const address = answer.headers.get("HX-Redirect");
  if (address) { taken(form); location.assign(address); return; }
  tools.release(form);
  if (answer.status === 401) { say(form, "Not saved: you are signed out", "failed"); tools.askWhoItIs(form, event); }
  else if (answer.status === 403 && answer.headers.has("X-CSRF-Refused")) tools.renewAndResend(form, event);
  else if (answer.ok || [409, 422].includes(answer.status)) show(form, await answer.text());
  else failed(form, answer.headers.get("X-Refusal") || FAULT);
}
async function send(event) {
  const form = event.target;
  if (!form.matches(FORM) || form.hasAttribute("hx-post") || event.defaultPrevented) return;
  event.preventDefault();
  say(form, "Saving…");
  const headers = { "X-CSRFToken": tools.csrf(), "X-In-Place": "1" };
  try {
    const body = new FormData(form, event.submitter);
    await answered(form, event, await fetch(form.action, { method: "POST", body, headers, credentials: "same-origin" }));
  } catch {
    tools.release(form);
    failed(form, CUT);
  }
}

function typed(event) {
  const form = event.target.form;
  if (!form?.matches(FORM) || !event.isTrusted) return;
  away.delete(form);
  if ([...form.elements].some(differs) || form.dataset.guarded === "typed") {
    keep(form);
    say(form, "Not saved yet. Kept on this device.");
  } else {
    drop(form);
    say(form, "");
  }
}

export function startGuards(given) {
  tools = given;
  document.addEventListener("submit", send);
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail;
    if (elt.matches(FORM) && xhr.status >= 200 && xhr.status < 300) taken(elt);
  });
  document.addEventListener("htmx:sendError", (event) => { if (event.target.matches?.(FORM)) failed(event.target, CUT); });
  document.addEventListener("htmx:load", adopt);
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll(FORM)) away.delete(form);
  });
}
