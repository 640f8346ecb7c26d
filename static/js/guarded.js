// Forms that a button saves: what was changed in them is unsaved until it is on its way.
const away = new WeakSet(); // sent, or left behind on purpose

const differs = (field) => (field.matches("select")
  ? [...field.options].some((option) => option.defaultSelected && !option.selected)
  : field.matches("input:not([type=hidden]), textarea") && field.value !== field.defaultValue);
// What the server refused comes back as it was typed, and is kept nowhere yet
const isChanged = (form) => form.dataset.guarded === "typed" || [...form.elements].some(differs);

export const changedForms = () => [...document.querySelectorAll("form[data-guarded]")].filter((form) => !away.has(form) && isChanged(form));
export function letGo() {
  for (const form of changedForms()) away.add(form);
}

export function startGuards() {
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-guarded]") && !event.defaultPrevented) away.add(event.target);
  });
  document.addEventListener("input", (event) => { if (event.target.form) away.delete(event.target.form); });
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll("form[data-guarded]")) away.delete(form);
  });
}
