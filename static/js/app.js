// Everything the pages need beyond htmx: live regions, focus, dialogs, autosave, keys, splitter, theme.
import { startAutosave, settled, unsavedCount, unsavedField, unsavedForm, unsavedTexts, unsavedWords, discardAll, resendAll } from "./autosave.js";
import { startGuards } from "./guarded.js";
import { startKeys } from "./keys.js";
import { startPictures } from "./pictures.js";
import { arriving, startUploads } from "./upload.js";
import { startClaims } from "./claims.js";
import { startRecorders } from "./record.js";

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const store = {
  get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
  set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } },
};
const person = document.body.dataset.person || "";

// Live regions. Emptied first, so that the same words are spoken twice when they happen twice.
function speak(region, text) {
  const slot = document.getElementById(region);
  if (!slot || !text) return;
  slot.textContent = "";
  setTimeout(() => { slot.textContent = text; }, 50);
}
const worded = (event) => (typeof event.detail === "string" ? event.detail : event.detail?.value ?? event.detail?.text ?? "");
addEventListener("say", (event) => speak("say", worded(event)));
addEventListener("shout", (event) => speak("shout", worded(event)));

// Focus after a swap
function focusOn(selector) {
  const target = typeof selector === "string" ? $(selector) : selector;
  if (!target) return;
  showPaneOf(target);
  for (let fold = target.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
  if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}
addEventListener("focus-on", (event) => focusOn(worded(event)));
// A browser brings only the caret of a long text into view; the whole field belongs above the bar.
document.addEventListener("focusin", (event) => { if (event.target.matches("textarea")) event.target.scrollIntoView({ block: "nearest" }); });

// Toasts
function armToast(toast) {
  let timer;
  const wait = () => { timer = setTimeout(() => toast.remove(), 10000); };
  const hold = () => clearTimeout(timer);
  for (const type of ["mouseenter", "focusin"]) toast.addEventListener(type, hold);
  for (const type of ["mouseleave", "focusout"]) toast.addEventListener(type, wait);
  toast.addEventListener("submit", () => setTimeout(() => toast.remove(), 0));
  toast.dataset.armed = "";
  const bar = $(".verdict-bar"); // its buttons stay free
  if (bar) toast.parentElement.style.bottom = `${innerHeight - bar.getBoundingClientRect().top + 8}px`;
  wait();
}
addEventListener("toast", (event) => {
  const toast = document.createElement("div");
  toast.className = "toast-line";
  toast.append(Object.assign(document.createElement("p"), { textContent: worded(event) }));
  $("#toasts")?.append(toast);
  armToast(toast);
  speak("say", worded(event));
});

// Dialogs: opened by data-dialog, shut by data-close; focus starts on the safe choice
function openDialog(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  ($("[autofocus]", dialog) || $("[data-safe]", dialog) || $("h2", dialog))?.focus();
}
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) { event.preventDefault(); openDialog(dialog); return; }
  if (event.target.closest("[data-close]")) { event.preventDefault(); event.target.closest("dialog")?.close(); return; }
  for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const go = event.target.closest("[data-go], .error-summary a");
  const field = go?.hash && document.getElementById(go.hash.slice(1));
  if (field) { event.preventDefault(); focusOn(field); }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (menu) { menu.open = false; $("summary", menu).focus(); }
});

// Nobody signs, submits or goes on while something on the page could not be saved
const titleOf = (part) => $(".item-title, h3", part)?.textContent.trim().replace(/\s+/g, " ");
function heldBack(control) {
  const form = unsavedForm();
  if (!form) return false;
  const title = titleOf(form.closest("[data-item], section.paper") || form);
  const what = control.dataset.needsSaved || "sign";
  dispatchEvent(new CustomEvent("toast", { detail: `Not saved yet${title ? `: ${title}` : ""}. See to it before you ${what}.` }));
  focusOn(unsavedField(form));
  return true;
}
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("[data-needs-saved]") && heldBack(event.target)) event.preventDefault();
});
// A link to another page waits for what is on its way; files take too long to be waited for
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-needs-saved]:not([hx-get])");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const row = arriving();
  if (!row && !unsavedTexts() && !unsavedForm()) return;
  event.preventDefault();
  if (row) {
    const title = titleOf(row.closest("section.paper") || row);
    dispatchEvent(new CustomEvent("toast", { detail: `Still arriving${title ? `: ${title}` : ""}. Wait for the file, or remove it, before you ${link.dataset.needsSaved}.` }));
    focusOn($("button", row));
    return;
  }
  await settled();
  if (!heldBack(link)) location.assign(link.href);
});
// So does a button that goes on to another page
document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!button?.matches("[data-needs-saved]") || event.target.hasAttribute("hx-post")) return;
  if (!unsavedTexts() && !unsavedForm()) return;
  event.preventDefault();
  await settled();
  if (!heldBack(button)) event.target.requestSubmit(button);
});

// An address that is to be sent on goes into the clipboard; where that is not allowed it is marked, to be copied
document.addEventListener("click", async (event) => {
  const field = document.getElementById(event.target.closest("[data-copy]")?.dataset.copy);
  if (!field) return;
  field.select();
  try { await navigator.clipboard.writeText(field.value); } catch { speak("say", "The address is marked. Copy it with your keyboard."); return; }
  dispatchEvent(new CustomEvent("toast", { detail: "The address is copied." }));
});

// A second press of the same button does nothing until the page answers or is shown again
const sent = new WeakSet();
function release(form) {
  sent.delete(form);
  for (const button of all("[aria-disabled]", form)) button.removeAttribute("aria-disabled");
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post") || form.closest("dialog")?.matches("#session-over")) return;
  if (sent.has(form)) { event.preventDefault(); return; }
  sent.add(form);
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), 10000); // an answer that is a file leaves the page standing
});
addEventListener("pageshow", (event) => {
  if (event.persisted) all("form").forEach(release);
});

// Leaving with something unsaved
addEventListener("beforeunload", (event) => { if (unsavedCount()) event.preventDefault(); });
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-sign-out]") || !unsavedCount()) return;
  event.preventDefault();
  $("[data-unsaved-count]").textContent = unsavedWords();
  openDialog($("#unsaved"));
}, true);
$("[data-discard]")?.addEventListener("click", () => { discardAll(); $("[data-sign-out]").submit(); });

// CSRF: signing in again, here or in another tab, brings a new token, in the X-CSRFToken header of the answer
const csrf = () => $("meta[name=csrf-token]")?.content || "";
function renewCsrf(token) {
  if (!token) return;
  $("meta[name=csrf-token]").content = token;
  for (const input of all("input[name=csrfmiddlewaretoken]")) input.value = token;
}
document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = csrf(); });

// Fetches a new token; the status of the answer says whether this page's person is the one who is signed in
let renewing;
async function freshToken() {
  const address = `${$("[data-again]").action}?person=${encodeURIComponent(person)}`;
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  renewCsrf(answer.headers.get("X-CSRFToken"));
  return answer.status;
}
const renew = () => (renewing ||= freshToken().finally(() => { renewing = undefined; }));

// Signed out: a dialog over the page, then the failed requests go again
const SIGNED_OUT = $("[data-again-why]")?.textContent;
const SOMEBODY_ELSE = "Somebody else signed in with this browser. Sign in here to go on; what you typed is still on this page.";
const waiting = new Map();
const resent = new WeakSet();
function resend(element, trigger) {
  if (element.matches("[data-guarded]:not([hx-post])")) { element.requestSubmit(trigger?.submitter); return; }
  const type = element.matches("[data-autosave]") ? "change" : trigger?.type || "submit";
  element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
}
function askWhoItIs(element, trigger, why) {
  waiting.set(element, trigger);
  if ($("#session-over")?.open) return;
  $("[data-again-why]").textContent = why;
  speak("shout", why);
  openDialog($("#session-over"));
}
// The same person signed in again in another tab: the request goes once more with the token of that session
async function renewAndResend(element, trigger) {
  try {
    const session = await renew();
    if (session === 204 && !resent.has(element)) {
      resent.add(element);
      resend(element, trigger);
    } else askWhoItIs(element, trigger, session === 409 ? SOMEBODY_ELSE : SIGNED_OUT);
  } catch { // an autosaved form tries again by itself
    speak("shout", "Not connected. Try again when you are back.");
  }
}
document.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt, requestConfig } = event.detail;
  if (xhr.status === 403 && xhr.getResponseHeader("X-CSRF-Refused") && $("[data-again]")) {
    renewAndResend(elt, requestConfig.triggeringEvent);
  } else if (xhr.status === 401) {
    askWhoItIs(elt, requestConfig.triggeringEvent, SIGNED_OUT);
  } else if (!elt.closest("[data-autosave]")) {
    const words = xhr.getResponseHeader("X-Refusal") || "Something went wrong on our side. What you typed is still here. Try again.";
    dispatchEvent(new CustomEvent("toast", { detail: words }));
  }
});
document.addEventListener("htmx:afterOnLoad", (event) => { if (event.detail.successful) resent.delete(event.detail.elt); });
document.addEventListener("htmx:sendError", (event) => {
  if (!event.target.closest?.("[data-autosave], [data-guarded]")) speak("shout", "Not connected. Try again when you are back.");
});
$("[data-again]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const error = $("[data-again-error]", form);
  const password = $("[type=password]", form);
  try {
    await renew();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-CSRFToken": csrf() }, credentials: "same-origin" });
    password.value = "";
    if (!answer.ok) {
      error.textContent = answer.status === 422 ? (await answer.text()).replace(/<[^>]*>/g, "").trim() : "You could not be signed in. Try again.";
      password.focus();
      return;
    }
    renewCsrf(answer.headers.get("X-CSRFToken"));
  } catch {
    error.textContent = "Not connected. Try again when you are back.";
    return;
  }
  error.textContent = "";
  form.closest("dialog").close();
  speak("say", "Signed in. Saving what was waiting.");
  for (const [element, trigger] of waiting) if (!element.closest("[data-autosave]")) resend(element, trigger);
  waiting.clear();
  resendAll();
});

// A thin bar when an answer takes longer than 300 ms; what is held back before it is sent has no answer
let open = 0;
let barTimer;
document.addEventListener("htmx:beforeSend", () => {
  if (open++ === 0) barTimer = setTimeout(() => { document.documentElement.dataset.busy = ""; }, 300);
});
document.addEventListener("htmx:afterRequest", () => {
  if (--open > 0) return;
  open = 0;
  clearTimeout(barTimer);
  delete document.documentElement.dataset.busy;
});

// Theme: a cookie, so that the server draws the right page at once
function markTheme(theme) {
  for (const button of all("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === theme));
    button.parentElement.hidden = false;
  }
}
document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-set]")?.dataset.themeSet;
  if (!theme) return;
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.bsTheme; else root.dataset.bsTheme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=${theme === "system" ? 0 : 31536000}; samesite=lax`;
  markTheme(theme);
});
markTheme(document.documentElement.dataset.bsTheme || "system");

// Panes: the splitter in steps of five, and the Evidence | Sheet switch of a small window
function split(panes, percent) {
  const value = Math.min(70, Math.max(40, Math.round(percent / 5) * 5));
  panes.className = panes.className.replace(/\bsplit-\d+\b/g, "").trim() + ` split-${value}`;
  $("[role=separator]", panes).setAttribute("aria-valuenow", String(value));
  store.set(`split:${person}`, String(value));
}
function showTab(name) {
  const panes = $("[data-panes]");
  if (!panes) return;
  panes.dataset.view = name;
  for (const button of all("[data-tab]")) button.setAttribute("aria-pressed", String(button.dataset.tab === name));
}
function showPaneOf(element) {
  const pane = element.closest?.(".pane");
  if (pane) showTab(pane.classList.contains("pane-evidence") ? "evidence" : "sheet");
}
function armPanes() {
  const panes = $("[data-panes]");
  if (!panes || panes.dataset.armed) return;
  panes.dataset.armed = "1";
  const bar = $("[role=separator]", panes);
  const current = /split-(\d+)/.exec(panes.className)?.[1] || 55;
  split(panes, Number(store.get(`split:${person}`) || current));
  bar.addEventListener("keydown", (event) => {
    const now = Number(bar.getAttribute("aria-valuenow"));
    const next = { ArrowLeft: now - 5, ArrowRight: now + 5, Home: 40, End: 70 }[event.key];
    if (next !== undefined) { event.preventDefault(); split(panes, next); }
  });
  bar.addEventListener("pointerdown", (event) => bar.setPointerCapture(event.pointerId));
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const box = panes.getBoundingClientRect();
    split(panes, (100 * (event.clientX - box.left)) / box.width);
  });
}
document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]")?.dataset.tab;
  if (tab) showTab(tab);
  const target = event.target.closest("[hx-target='#evidence'], a[href='#evidence']");
  if (target) showTab("evidence");
});

// Choices in bulk
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.type !== "checkbox") return;
  if (box.dataset.selectAll) for (const one of all(`input[name="${box.dataset.selectAll}"]`)) one.checked = box.checked;
  const bar = $(`[data-bulk="${box.dataset.selectAll || box.name}"]`);
  if (!bar) return;
  const chosen = all(`input[name="${bar.dataset.bulk}"]:checked`).length;
  bar.hidden = chosen === 0;
  const count = $("[data-bulk-count]", bar);
  if (count) count.textContent = String(chosen);
});

// What each new part of the page needs, at load and after every swap
function arm() {
  armPanes();
  for (const toast of all("[data-toast]:not([data-armed])")) armToast(toast);
  const dialog = $("dialog[data-open]");
  if (dialog) { dialog.removeAttribute("data-open"); openDialog(dialog); }
  const errors = $("[data-focus]");
  if (errors) { errors.removeAttribute("data-focus"); focusOn(errors); }
}
document.addEventListener("htmx:afterSettle", arm);
arm();
speak("say", all(".page-banner [role=status]").map((line) => line.textContent.trim()).join(" "));
startAutosave({ person, speak, focusOn });
startGuards({ csrf, release, speak, arm, renewAndResend, askWhoItIs: (form, event) => askWhoItIs(form, event, SIGNED_OUT) });
startUploads({ csrf, signedOut: () => openDialog($("#session-over")) });
startRecorders();
startKeys({ store, person, focusOn, openDialog });
startPictures();
startClaims({ speak, showPaneOf, keysOn: () => store.get(`keys:${person}`) !== "off" });
