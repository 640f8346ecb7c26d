// Claims: a chip opens its place in the evidence while focus stays on it, and times are taken from what plays.
const STEP = 5;
let speak = () => {};
let showPaneOf = () => {};
let untilSecond = null;

const media = (root = document) => root.querySelector("audio, video");
const clock = (total) => {
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, Math.floor(total) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
};

// Whether the piece of a chip is on the page, if not yet every page of it
const isShown = (chip) => document.getElementById(chip.dataset.openAt) || (chip.dataset.openAt.startsWith("page-") && document.querySelector(`[id^="${chip.dataset.openAt.replace(/\d+$/, "")}"]`));

function playFrom(player, chip) {
  const first = Number(chip.dataset.first);
  const last = Number(chip.dataset.last);
  untilSecond = last > first ? last : null;
  const seek = () => { player.currentTime = first; player.play()?.catch(() => { /* the person presses play */ }); };
  if (player.readyState >= 1) seek();
  else { player.addEventListener("loadedmetadata", seek, { once: true }); player.load(); }
}
document.addEventListener("timeupdate", (event) => {
  if (untilSecond === null || event.target.currentTime < untilSecond) return;
  untilSecond = null;
  event.target.pause();
}, true);

// Pages above the place may still be loading and push it down; a person who scrolls is left alone.
function bringIntoView(target) {
  const pane = target.closest(".pane, .claim-piece") || document.documentElement;
  const show = () => target.scrollIntoView({ block: "start" });
  const stop = () => { pane.removeEventListener("load", show, true); for (const type of ["wheel", "touchstart", "keydown"]) removeEventListener(type, stop); };
  show();
  pane.addEventListener("load", show, true);
  // Later, since the key that opened the place is still on its way up
  setTimeout(() => { for (const type of ["wheel", "touchstart", "keydown"]) addEventListener(type, stop, { once: true, passive: true }); }, 0);
  setTimeout(stop, 4000);
}

// A long file shows a run of its pages; the run of the place is fetched into the way to the next one
async function fetchRun(chip) {
  const [, piece, page] = /^page-(.+)-(\d+)$/.exec(chip.dataset.openAt) || [];
  const shown = piece && document.querySelectorAll(`[id^="page-${piece}-"]`);
  const more = shown?.length && shown[shown.length - 1].nextElementSibling;
  const link = more?.matches?.(".more-pages") && more.querySelector("a");
  if (!link) return;
  const answer = await fetch(`${link.pathname}?from=${page}`, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok) return;
  const run = document.createElement("template");
  run.innerHTML = await answer.text();
  const parts = [...run.content.children];
  more.replaceWith(...parts);
  for (const part of parts) globalThis.htmx?.process(part);
}

async function openAt(chip) {
  if (!document.getElementById(chip.dataset.openAt)) await fetchRun(chip).catch(() => { /* the pages shown stay */ });
  const target = document.getElementById(chip.dataset.openAt);
  for (const other of document.querySelectorAll("[data-open-at][aria-current]")) other.removeAttribute("aria-current");
  chip.setAttribute("aria-current", "true");
  speak("say", chip.dataset.say);
  if (!target) return;
  showPaneOf(target);
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  for (const old of document.querySelectorAll(".is-opened")) old.classList.remove("is-opened");
  target.classList.add("is-opened");
  bringIntoView(target);
  if (chip.dataset.first !== undefined) playFrom(target, chip);
}

// [ and ] go through the claims of the section or criterion at hand
export function stepClaim(item, by) {
  const chips = [...(item || document).querySelectorAll("[data-open-at]")];
  if (!chips.length) return false;
  const at = chips.findIndex((chip) => chip.hasAttribute("aria-current"));
  chips[at < 0 ? (by > 0 ? 0 : chips.length - 1) : (at + by + chips.length) % chips.length].click();
  return true;
}

function takeTime(id) {
  const player = media();
  const field = document.getElementById(id);
  if (!player || !field) return;
  field.value = clock(player.currentTime);
  speak("say", `${id === "id_first" ? "From" : "To"} ${field.value}`);
}
const timeKeys = {
  t: () => takeTime("id_first"),
  T: () => takeTime("id_last"),
  ",": () => { const player = media(); if (player) player.currentTime = Math.max(0, player.currentTime - STEP); },
  ".": () => { const player = media(); if (player) player.currentTime += STEP; },
};

// An address that names a claim opens it at its place
function openNamed() {
  const chip = location.hash.startsWith("#claimed-") && document.getElementById(location.hash.slice(1))?.querySelector("[data-open-at]");
  if (chip) openAt(chip);
}

export function startClaims(tools) {
  ({ speak, showPaneOf } = tools);
  openNamed();
  addEventListener("hashchange", openNamed);
  // A piece that is shown already is not asked for again
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-open-at]");
    if (!chip || !isShown(chip)) return;
    event.preventDefault();
    event.stopPropagation();
    openAt(chip);
  }, true);
  document.addEventListener("htmx:afterSettle", (event) => {
    const chip = event.detail.requestConfig?.elt?.closest?.("[data-open-at]");
    if (chip) openAt(chip);
  });
  document.addEventListener("click", (event) => {
    const now = event.target.closest("[data-use-now]");
    if (now) takeTime(now.dataset.useNow);
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !document.querySelector("[data-time-keys]")) return;
    if (event.target.closest?.("textarea, select, input:not([type=checkbox])") || !timeKeys[event.key] || !tools.keysOn()) return;
    event.preventDefault();
    timeKeys[event.key]();
  });
}
