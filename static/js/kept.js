// Copies of what is typed, kept on this device until the server has it. A browser that is killed forgets what it put
// into localStorage in the last minute; what went into this store is there once it is written.
let opened;
const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
function database() {
  const request = indexedDB.open("drafts", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("copies");
  return asked(request);
}
// Committed at once: a page that is left does not wait for its store
async function change(act) {
  try {
    const step = (await (opened ||= database())).transaction("copies", "readwrite", { durability: "relaxed" });
    act(step.objectStore("copies"));
    step.commit();
  } catch { /* no room, or a private window: the page itself still holds the words */ }
}
const put = (key, text) => change((copies) => copies.put(text, key));
const forget = (key) => change((copies) => copies.delete(key));

let person = "";
const held = new Map(); // each form that holds something the server has not taken, with its copy
const HIDDEN = ["csrfmiddlewaretoken", "version"];
const startOf = (form) => `draft:${person}:${form.dataset.record || form.id}:`;
const keyOf = (form) => startOf(form) + (form.elements.namedItem("version")?.value || form.dataset.version || "");

export const keptForms = () => [...held.keys()].filter((form) => form.isConnected);
export const textOf = (form) => held.get(form)?.text;
export function words(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (HIDDEN.includes(name) || typeof value !== "string" || form.querySelector(`[type=password][name="${CSS.escape(name)}"]`)) continue;
    (fields[name] ||= []).push(value);
  }
  return JSON.stringify(fields);
}
export function keep(form) {
  const key = keyOf(form);
  if (held.has(form) && held.get(form).key !== key) forget(held.get(form).key);
  held.set(form, { key, text: words(form) });
  put(key, held.get(form).text);
}
export function drop(form) {
  if (!held.has(form)) return;
  forget(held.get(form).key);
  held.delete(form);
}
export const letFall = (form) => held.delete(form); // the copy stays
// What an earlier visit left of this form, and the version that it was typed against
async function copyOf(form) {
  const start = startOf(form);
  try {
    const copies = (await (opened ||= database())).transaction("copies").objectStore("copies");
    const range = IDBKeyRange.bound(start, `${start}\uffff`);
    const [key] = await asked(copies.getAllKeys(range, 1));
    if (key === undefined) return null;
    const [text] = await asked(copies.getAll(range, 1));
    return { key, text, version: key.slice(start.length) };
  } catch { return null; }
}
function fill(form, fields) {
  for (const field of form.elements) {
    const values = fields[field.name];
    if (!field.name || HIDDEN.includes(field.name) || ["file", "password"].includes(field.type)) continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = Boolean(values?.includes(field.value));
    else if (values && "value" in field) field.value = values[0];
  }
}
// Puts a copy from an earlier visit back into its form, and says whether there was one
export async function bringBack(form) {
  const copy = await copyOf(form);
  if (!copy || held.has(form) || !form.isConnected) return false;
  if (copy.text === words(form)) { forget(copy.key); return false; }
  try { fill(form, JSON.parse(copy.text)); } catch { forget(copy.key); return false; }
  const version = form.elements.namedItem("version");
  if (version) version.value = copy.version;
  form.dataset.version = copy.version;
  keep(form);
  return true;
}
export function startKeeping(whose) {
  person = whose;
  opened ||= database();
  opened.catch(() => { /* nothing is kept; the page itself still holds the words */ });
}
