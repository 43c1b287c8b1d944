// The side panel of boards and lists: a link marked data-panel opens its page in it. Without this file, without a panel
// on the page, or when something goes wrong, the link leads to the page itself; while nothing answers at all, it leads
// nowhere and the page stays.

import { reach } from "./network.js";

const panel = document.querySelector("dialog[data-side-panel]");
const inside = panel?.querySelector("[data-panel-inside]");
const status = panel?.querySelector("[data-panel-status]");
let opener = null; // what had the focus before
let asked = 0; // the newest question; an older answer comes too late

function addressInPanel(link) {
  const url = new URL(link.href, window.location.href);
  const anchor = url.hash;
  url.hash = "";
  url.searchParams.set("panel", "1");
  return { url, anchor };
}

async function fetchInside(url) {
  const answer = await reach(url, { headers: { Accept: "text/html" }, credentials: "same-origin" }).catch(() => null);
  if (!answer) return null; // said beside
  if (!answer.ok || answer.redirected) throw new Error(`no panel: ${answer.status}`);
  return answer.text();
}

function settle() {
  status.textContent = "";
  panel.setAttribute("aria-busy", "false");
}

function show(html, anchor) {
  inside.innerHTML = html;
  for (const field of inside.querySelectorAll("[data-panel-next]")) {
    field.value = window.location.pathname + window.location.search;
  }
  window.htmx?.process(inside);
  settle();
  const title = inside.querySelector("#panel-title");
  const target = anchor ? inside.querySelector(anchor) : null;
  title?.focus({ preventScroll: Boolean(target) });
  if (target) target.scrollIntoView({ block: "start" });
  else panel.scrollTop = 0;
}

async function open(link) {
  const mine = ++asked;
  if (!panel.open) opener = link;
  const { url, anchor } = addressInPanel(link);
  panel.setAttribute("aria-busy", "true");
  status.textContent = status.dataset.loading;
  link.setAttribute("aria-busy", "true");
  try {
    const html = await fetchInside(url);
    if (mine !== asked) return;
    if (html === null) return settle();
    if (!panel.open) panel.showModal();
    show(html, anchor);
  } catch {
    window.location.href = link.href;
  } finally {
    link.removeAttribute("aria-busy");
  }
}

function isPlainClick(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

if (panel && typeof panel.showModal === "function") {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-panel]");
    if (!link || event.defaultPrevented || !isPlainClick(event)) return;
    event.preventDefault();
    open(link);
  });

  // A press beside the panel closes it, as Esc does.
  panel.addEventListener("click", (event) => {
    if (event.target === panel) panel.close();
  });

  panel.addEventListener("close", () => {
    asked += 1;
    inside.replaceChildren();
    (opener?.isConnected ? opener : document.getElementById("main"))?.focus();
    opener = null;
  });
}
