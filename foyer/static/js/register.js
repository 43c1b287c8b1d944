// A tap on a name goes to its next mark; the bar says what is marked and whether it is saved. Without this the selects do.
const form = document.querySelector("[data-register]");
const counts = form.querySelector("[data-counts]");
const saved = form.querySelector("[data-saved]");
const lines = [...form.querySelectorAll(".mark")];
const choiceOf = (line) => line.querySelector(".mark-choice");
let dirty = false;

function show(line) {
  line.dataset.mark = choiceOf(line).value;
}

function count() {
  const tally = new Map([...choiceOf(lines[0]).options].map((option) => [option.text, 0])); // in the order of the answers
  for (const line of lines) {
    const words = choiceOf(line).selectedOptions[0].text;
    tally.set(words, tally.get(words) + 1);
  }
  const all = lines.every((line) => choiceOf(line).value === "present");
  counts.textContent = all
    ? counts.dataset.all.replace("{count}", String(lines.length))
    : [...tally].filter(([, number]) => number).map(([words, number]) => `${number} ${words}`).join(", ");
}

function changed() {
  dirty = true;
  lines.forEach(show); // what was kept is put back all at once
  saved.textContent = saved.dataset.unsaved;
  if (lines.length) count();
}

for (const line of lines) {
  const choice = choiceOf(line);
  const label = line.querySelector(".mark-name");
  label.addEventListener("click", (event) => {
    event.preventDefault();
    choice.selectedIndex = (choice.selectedIndex + 1) % choice.options.length;
    show(line);
    changed();
    choice.dispatchEvent(new Event("change", { bubbles: true })); // so that it is kept: see autosave.js
  });
  choice.addEventListener("change", () => show(line));
}

form.classList.add("register--quick");
form.querySelector("[data-tap-hint]").hidden = lines.length === 0;
form.addEventListener("input", changed);
for (const safe of ["submit", "kept"]) {
  form.addEventListener(safe, () => {
    dirty = false;
  });
}
window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
