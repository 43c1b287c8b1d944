// The little behaviour that every page shares; all pages work without it.

function focusFirstProblem(root) {
  root.querySelector("[data-focus]")?.focus();
}

function offerReveal(root) {
  for (const button of root.querySelectorAll("[data-reveal]")) button.hidden = false;
}

function toggleReveal(button) {
  const input = document.getElementById(button.dataset.reveal);
  const shown = input.type === "text";
  input.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
}

// A date field shows its figures in the order of the browser's language: 05/03/2027 is March to one and May to another.
// Beside it stands the same date in words, in the language of the page.
const dateWords = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "id", {
  weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});

function sayDate(input) {
  const chosen = input.valueAsDate;
  const isWhole = chosen && chosen.getUTCFullYear() > 1900; // while a year is typed it is 2, 20, 202
  input.nextElementSibling.value = isWhole ? dateWords.format(chosen) : "";
}

function offerDateWords(root) {
  for (const input of root.querySelectorAll(".form .field > input[type=date]")) {
    if (input.nextElementSibling?.matches(".date-words")) continue;
    const words = document.createElement("output");
    words.className = "date-words";
    words.htmlFor = input.id;
    input.after(words);
    input.addEventListener("input", () => sayDate(input));
    sayDate(input);
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details[data-menu]"));
  const reveal = event.target.closest("[data-reveal]");
  if (reveal) toggleReveal(reveal);
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    const menu = document.querySelector("details[data-menu][open]");
    closeMenus();
    menu?.querySelector("summary").focus();
  }
  const search = document.querySelector("[data-search]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && search) {
    event.preventDefault();
    search.focus();
  }
});

function release(form) {
  delete form.dataset.sent;
  for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
}

// A page may have another address by now than when it was made: filters write themselves into it.
function stayHere(form) {
  if (form.matches(".language")) form.elements.next.value = window.location.pathname + window.location.search;
}

// A second click while the first is under way would send the form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  stayHere(form);
  setTimeout(() => release(form), 8000); // the answer may be a download, which leaves this page standing
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back with the browser's own Back button shows the page as it was left: let forms be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach(release);
});

document.addEventListener("foyer:filled", (event) => {
  for (const input of event.target.querySelectorAll(".field > input[type=date]:has(+ .date-words)")) sayDate(input);
});
document.addEventListener("htmx:load", (event) => {
  offerReveal(event.target);
  offerDateWords(event.target);
});
focusFirstProblem(document);
offerReveal(document);
offerDateWords(document);
document.querySelector(".file-tabs [aria-current], .tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
