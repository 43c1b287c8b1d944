// Says in one line that the house cannot be reached, and takes it back at the next answer. Whatever is on the page stays
// as it was: drafts live in the house, and what somebody typed stays in its field.

const line = document.getElementById("network");
let isNear = false; // the house answers though the browser says it has no connection: a demonstration without a network

// Beside an open dialog nothing is seen or heard, so the line goes into it.
function place() {
  const where = document.querySelector("dialog[open]") ?? document.body;
  if (line.parentNode !== where) where.append(line);
}

function tell(words) {
  place();
  if (line.textContent !== words) line.textContent = words;
}

export function lost() {
  isNear = false;
  tell(line.dataset.lost);
}

export function failed() {
  tell(line.dataset.failed);
}

export function found() {
  tell("");
}

// As fetch, but tells when nothing answers.
export async function reach(url, options) {
  try {
    const answer = await fetch(url, options);
    found();
    return answer;
  } catch (error) {
    lost();
    throw error;
  }
}

async function answers() {
  isNear = await reach("/healthz", { cache: "no-store" }).then(() => true, () => false);
  return isNear;
}

// Without a connection a form or a link would end at the browser's own error page: the house is asked first.
function first(event, go) {
  if (navigator.onLine || isNear || event.defaultPrevented) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  answers().then((yes) => { if (yes) go(); });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || "keepOnDevice" in form.dataset || form.closest("[hx-get], [hx-post], [hx-boost]")) return;
  first(event, () => form.requestSubmit(event.submitter));
}, true);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not([target], [download], [data-panel])");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin || link.getAttribute("href").startsWith("#")) return;
  first(event, () => { location.href = link.href; });
}, true);

document.addEventListener("close", place, true);
document.addEventListener("htmx:sendError", lost);
document.addEventListener("htmx:timeout", lost);
document.addEventListener("htmx:responseError", ({ detail }) => (detail.xhr.status === 401 ? tell(line.dataset.ended) : failed()));
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) found(); });
window.addEventListener("offline", () => { isNear = false; });
window.addEventListener("online", answers);
