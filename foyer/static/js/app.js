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

// A second click while the first is under way would send the form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => release(form), 8000); // the answer may be a download, which leaves this page standing
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back with the browser's own Back button shows the page as it was left: let forms be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach(release);
});

document.addEventListener("htmx:load", (event) => offerReveal(event.target));
focusFirstProblem(document);
offerReveal(document);
document.querySelector(".file-tabs [aria-current], .tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
