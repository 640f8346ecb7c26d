import { stepClaim } from "./claims.js";

// One-letter keys of the marking workspace: only outside text, and with an off switch.
const typing = (element) => element.closest?.("textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox]):not([type=button])");
const items = () => [...document.querySelectorAll("[data-item]")].filter((item) => item.offsetParent !== null);

let focusOn = () => {};
let openDialog = () => {};
const current = () => document.activeElement?.closest?.("[data-item]") || document.querySelector("[data-item].is-current");

function moveTo(item) {
  if (!item) return;
  for (const other of document.querySelectorAll("[data-item].is-current")) other.classList.remove("is-current");
  item.classList.add("is-current");
  const body = item.querySelector("details.item-body");
  if (body) body.open = true;
  focusOn(item);
}
function step(by) {
  const list = items();
  const at = list.indexOf(current());
  moveTo(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))]);
}
function choose(value) {
  const radio = current()?.querySelector(`input[type=radio][value="${value}"]:not(:disabled)`);
  if (radio && !radio.checked) radio.click();
}
function agree() {
  const radio = current()?.querySelector("[data-agree]");
  if (radio && !radio.checked) radio.click();
}
// The key that is still on its way types the digit, so that it is kept and saved like any other
function startMark() {
  const field = current()?.querySelector("[data-mark]:not(:disabled):not([readonly])");
  field?.focus();
  field?.select();
}
function writeFeedback() {
  const field = current()?.querySelector("[data-feedback]");
  for (let fold = field?.closest("details:not([open])"); fold; fold = field.closest("details:not([open])")) fold.open = true;
  field?.focus();
}
function nextUndecided() {
  const list = items();
  const after = list.indexOf(current()) + 1;
  moveTo([...list.slice(after), ...list.slice(0, after)].find((item) => item.matches("[data-undecided]") || item.querySelector("[data-undecided]")));
}
function press(key) {
  const selector = `[data-key="${CSS.escape(key)}"]:not(:disabled)`;
  const control = current()?.querySelector(selector) || document.querySelector(selector);
  control?.click();
  return Boolean(control);
}
const moves = {
  j: () => step(1), k: () => step(-1), g: nextUndecided, f: writeFeedback,
  p: () => choose("PASS"), r: () => choose("REFERRAL"), y: agree,
  "[": () => stepClaim(current(), -1), "]": () => stepClaim(current(), 1),
};

function inText(event) {
  if (!event.target.closest("[data-item]")) return;
  if (event.key === "Escape") { event.preventDefault(); moveTo(event.target.closest("[data-item]")); }
  if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); step(1); }
}

export function startKeys(tools) {
  const { store, person } = tools;
  ({ focusOn, openDialog } = tools);
  const name = `keys:${person}`;
  const on = () => store.get(name) !== "off";
  for (const box of document.querySelectorAll("[data-keys-switch]")) {
    box.checked = on();
    box.addEventListener("change", () => store.set(name, box.checked ? "on" : "off"));
  }
  document.addEventListener("focusin", (event) => {
    const item = event.target.closest?.("[data-item]");
    if (!item || item.classList.contains("is-current")) return;
    for (const other of document.querySelectorAll("[data-item].is-current")) other.classList.remove("is-current");
    item.classList.add("is-current");
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog:modal")) return;
    if (typing(event.target)) { inText(event); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || !on()) return;
    if (event.key === "/" && document.querySelector("[data-search]")) {
      event.preventDefault();
      document.querySelector("[data-search]").focus();
      return;
    }
    if (!document.body.hasAttribute("data-keys")) return;
    let used = true;
    if (event.key === "?") openDialog(document.getElementById("keys"));
    else if (/^[0-9]$/.test(event.key)) { startMark(); used = false; }
    else if (moves[event.key] && !press(event.key)) moves[event.key]();
    else if (!moves[event.key]) used = press(event.key);
    if (used) event.preventDefault();
  });
}
