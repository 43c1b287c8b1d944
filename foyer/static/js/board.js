// A plan's board: cards go from column to column by mouse (SortableJS), by keyboard, or by a click on "Move" and one on
// a column. While a card is in the hand, every column says what the rules say. The server decides; this only asks.
// A week is such a board as well: its columns are the blocks of the days, its cards the sessions.

import { failed, reach } from "./network.js";

const bar = document.getElementById("hand"); // only where cards can be moved
const told = document.getElementById("told");
const words = bar?.dataset;
const BRIEF = { here: "briefHere", allowed: "briefAllowed", price: "briefPrice", forbidden: "briefForbidden" };
let hand = null; // {card, e, from, name, by: "mouse" | "keys", answer: Promise, targets, change, lanes, at}
let over = null; // the column under the mouse
let dropped = null; // the column in which the mouse let go

const board = () => document.getElementById("board");
const lanesOf = () => [...board().querySelectorAll(".lane[data-target]")];
const nameOf = (card) => (card.querySelector("a .no-print") ?? card.querySelector("a")).textContent.trim();
const laneOf = (element) => element?.closest?.("[data-target]");

function say(text) {
  told.textContent = "";
  told.textContent = text;
  bar.querySelector(".hand-words").textContent = text;
}

function fill(pattern, values) {
  return pattern.replace(/%(\w+)%/g, (whole, key) => values[key] ?? whole).trim();
}

function verdictWords(lane, pattern) {
  const found = hand.targets?.[lane.dataset.target];
  if (!found) return "";
  return fill(words[pattern ?? found.state], {
    name: hand.name,
    place: lane.dataset.name,
    words: found.words,
  });
}

// What a column says: whole sentences, never cut. A room's is too low for more than the verdict; of several reasons
// others say the first and how many more there are. All of it stands in the bar for the column that is pointed at.
function columnWords(lane) {
  const found = hand.targets[lane.dataset.target];
  if (words.kind === "room") return fill(words[BRIEF[found.state]], { points: figure(found.points) });
  const shown = found.further ? `${found.first} ${fill(words.further, { count: figure(found.further) })}` : found.words;
  return fill(words[found.state], { place: "", words: shown }).replace(/^: /, "");
}

function figure(value) {
  return new Intl.NumberFormat(document.documentElement.lang).format(value);
}

// Asks the server where the card can go, and shows it on every column.
async function ask() {
  const held = hand;
  const url = new URL(words.targets, location.href);
  url.search = held.card.dataset.ask ?? new URLSearchParams({ kind: words.kind, enrolment: held.e });
  const answer = await reach(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    failed();
    throw new Error(String(answer.status));
  }
  const found = await answer.json();
  held.version = found.version;
  held.targets = found.targets;
  held.change = found.change ?? { kind: words.kind, enrolment: held.e };
  held.lanes = held.lanes.filter((lane) => held.targets[lane.dataset.target]);
  if (held === hand) paint();
}

function paint() {
  for (const lane of hand.lanes) {
    const found = hand.targets[lane.dataset.target];
    lane.dataset.verdict = found.state;
    const line = lane.querySelector(".verdict");
    line.textContent = columnWords(lane);
    line.hidden = false;
  }
  const possible = choices();
  bar.querySelector(".hand-targets").replaceChildren(...possible);
  const under = hand.by === "mouse" ? hand.lanes.find((lane) => lane.dataset.target === over) : hand.lanes[hand.at];
  if (!possible.length) say(fill(words.nowhere, { name: hand.name }));
  else if (under) point(under);
  else say(fill(hand.by === "keys" ? words.hold : words.drag, { name: hand.name }));
}

// The columns that would take the card, in the bar that is always in sight: cheapest first.
function choices() {
  const points = (lane) => hand.targets[lane.dataset.target].points ?? 0;
  return hand.lanes
    .filter((lane) => ["allowed", "price"].includes(lane.dataset.verdict))
    .sort((a, b) => points(a) - points(b))
    .map((lane) => {
      const item = document.createElement("li");
      item.dataset.target = lane.dataset.target;
      item.dataset.verdict = lane.dataset.verdict;
      item.textContent = lane.dataset.verdict === "price" ? `${lane.dataset.name} +${figure(points(lane))}` : lane.dataset.name;
      return item;
    });
}

function pickUp(card, by) {
  putDown();
  const from = card.dataset.at ?? laneOf(card)?.dataset.target;
  hand = { card, by, from, e: card.dataset.e, name: nameOf(card), lanes: lanesOf(), at: -1 };
  card.classList.add("is-held");
  board().dataset.moving = by;
  bar.hidden = false;
  say(fill(words.asking, { name: hand.name }));
  hand.answer = ask().catch(putDown);
}

function putDown() {
  if (!hand) return;
  hand.card.classList.remove("is-held");
  for (const lane of hand.lanes) {
    delete lane.dataset.verdict;
    lane.classList.remove("is-over");
    const line = lane.querySelector(".verdict");
    line.hidden = true;
    line.textContent = "";
  }
  delete board().dataset.moving;
  bar.hidden = true;
  bar.querySelector(".hand-targets").replaceChildren();
  hand = null;
}

function point(lane) {
  for (const one of hand.lanes) one.classList.toggle("is-over", one === lane);
  const text = lane ? verdictWords(lane) : "";
  if (text) say(text);
}

// The card is let go over a column, or over nothing.
async function drop(target) {
  const held = hand;
  if (!held) return;
  await held.answer;
  if (hand !== held) return;
  const lane = held.lanes.find((one) => one.dataset.target === target);
  const found = lane && held.targets[target];
  if (!found || found.state === "here") {
    putDown();
    say(fill(words.kept, { name: held.name }));
  } else if (found.state === "forbidden") {
    const text = verdictWords(lane, "refused");
    putDown();
    say(text);
    showRefused(held.card, text);
  } else if (String(held.version) !== board().dataset.version) {
    putDown();
    await refresh(words.stale);
  } else {
    await send(held, lane);
    return;
  }
  focusCard(held.e, held.from);
}

async function send(held, lane) {
  held.card.setAttribute("aria-busy", "true");
  putDown();
  const to = lane.dataset.target;
  const said = await post({ version: held.version, ...held.change, target: held.targets[to].target ?? to });
  held.card.removeAttribute("aria-busy");
  if (said.ok) {
    await refresh(said.words || fill(words.moved, { name: held.name, place: lane.dataset.name }));
  } else if (said.stale) {
    await refresh([words.stale, ...said.since.map((line) => `${line.who}: ${line.words}`)].join(" "));
  } else if (said.message) {
    const text = [said.message, ...(said.broken ?? [])].join(" ");
    say(text);
    showRefused(held.card, text);
  }
  focusCard(held.e, said.ok ? to : held.from);
}

async function post(values) {
  const body = new URLSearchParams({ ...values, csrf_token: words.csrf });
  const answer = await reach(words.change, { method: "POST", headers: { Accept: "application/json" }, body }).catch(() => null);
  if (!answer) return {};
  const said = await answer.json().catch(() => ({})); // an error's page
  if (answer.ok || said.stale || said.message) return { ...said, ok: answer.ok };
  failed();
  return {};
}

// A refusal is seen, too, not only read out: under the card until the next one is picked up.
function showRefused(card, text) {
  document.querySelectorAll(".refusal").forEach((old) => old.remove());
  const line = document.createElement("p");
  line.className = "refusal";
  line.textContent = text;
  card.append(line);
}

// The board as it is now, in the same place of the page.
async function refresh(text) {
  await window.htmx.ajax("GET", location.href, { target: "#board", select: "#board", swap: "outerHTML show:none" }).catch(() => {});
  say(text);
}

function focusCard(e, target) {
  const card = `.card[data-e="${e}"]`;
  const found = board().querySelector(`[data-target="${target}"] ${card} a`) ?? board().querySelector(`${card} a`);
  found?.focus({ preventScroll: true });
}

// Mouse

function startSorting() {
  if (!bar || !window.Sortable || !window.matchMedia("(pointer: fine)").matches) return;
  for (const list of board().querySelectorAll(".cards")) {
    if (list.dataset.sorts) continue;
    list.dataset.sorts = "yes";
    window.Sortable.create(list, {
      group: "residents",
      draggable: ".card",
      sort: false,
      ghostClass: "is-held",
      onStart: (event) => pickUp(event.item, "mouse"),
      onMove: () => false, // cards stay in place until the server has answered
      onEnd: () => {
        drop(dropped);
        over = dropped = null;
      },
    });
  }
}

document.addEventListener(
  "dragover",
  (event) => {
    if (!hand) return;
    const lane = laneOf(event.target);
    if (lane) event.preventDefault();
    if (lane?.dataset.target === over) return;
    over = lane?.dataset.target ?? null;
    point(hand.lanes.find((one) => one.dataset.target === over));
  },
  true,
);

document.addEventListener("drop", (event) => { if (hand) dropped = laneOf(event.target)?.dataset.target ?? null; }, true);

// Keyboard, and a click instead of dragging

const KEYS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

// Through the columns one after the other; in a week, where their names are "day-start", up and down within the day.
function nextLane(key) {
  if (!hand.lanes.length) return -1;
  if (hand.at < 0 && board().dataset.grid) hand.at = hand.lanes.findIndex((lane) => lane.dataset.target === hand.from);
  const day = (lane) => lane.dataset.target.split("-")[0];
  const own = hand.lanes[hand.at];
  const within = own && board().dataset.grid && key.match(/Up|Down/) ? hand.lanes.filter((lane) => day(lane) === day(own)) : hand.lanes;
  const at = own ? within.indexOf(own) : -1;
  const next = (at + KEYS[key] + within.length + (at < 0 && KEYS[key] < 0 ? 1 : 0)) % within.length;
  return hand.lanes.indexOf(within[next]);
}

function holdKeys(event) {
  if (KEYS[event.key]) {
    hand.at = nextLane(event.key);
    if (hand.at < 0) return event.preventDefault(); // no answer yet, or nowhere to go
    point(hand.lanes[hand.at]);
    hand.lanes[hand.at].scrollIntoView({ block: "nearest", inline: "nearest" });
  } else if (event.key === "Enter") {
    drop(hand.lanes[hand.at]?.dataset.target);
  } else if (event.key === "Escape") {
    drop(null);
  } else {
    return;
  }
  event.preventDefault();
}

function neighbour(card, key) {
  const lists = [...board().querySelectorAll(".cards")];
  const at = lists.indexOf(card.closest(".cards"));
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const beside = KEYS[key] > 0 ? lists.slice(at + 1) : lists.slice(0, at).reverse();
    return beside.find((list) => list.querySelector(".card"))?.querySelector(".card");
  }
  const all = [...board().querySelectorAll(".card")];
  return all[all.indexOf(card) + KEYS[key]];
}

function browseKeys(event, card) {
  const key = event.key.toLowerCase();
  if (KEYS[event.key]) neighbour(card, event.key)?.querySelector("a").focus();
  else if (key === "m" && bar) pickUp(card, "keys");
  else if (key === "w" && board().dataset.week) location.href = weekOf(card);
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const card = event.target.closest?.(".card");
  if (hand?.by === "keys") holdKeys(event);
  else if (card && event.target.matches("a:not(.card-week)")) browseKeys(event, card);
});

document.addEventListener("click", (event) => {
  if (event.target.closest(".card-move")) {
    pickUp(event.target.closest(".card"), "keys");
    hand.card.querySelector("a").focus({ preventScroll: true });
  } else if (event.target.closest("#hand-cancel")) {
    drop(null);
  } else if (hand?.by === "keys" && laneOf(event.target)) {
    event.preventDefault();
    drop(laneOf(event.target).dataset.target);
  }
});

// What a card offers beside its name, made when it is looked at: hundreds of cards stay light.
const weekOf = (card) => `${board().dataset.week}?of=resident-${card.dataset.e}`;

function offer(event) {
  const card = event.target.closest?.(".card");
  if (!card || card.querySelector(".card-acts")) return;
  const acts = document.createElement("span");
  acts.className = "card-acts";
  if (board().dataset.week) {
    const week = document.createElement("a");
    week.className = "card-week";
    week.href = weekOf(card);
    week.textContent = board().dataset.see;
    acts.append(week);
  }
  if (bar) {
    const move = document.createElement("button");
    move.type = "button";
    move.className = "card-move";
    move.textContent = words.move;
    acts.append(move);
  }
  document.querySelectorAll(".card-acts").forEach((old) => old.remove());
  card.append(acts);
}

document.addEventListener("pointerover", offer);
document.addEventListener("focusin", offer);
document.addEventListener("htmx:afterSwap", startSorting);
startSorting();
