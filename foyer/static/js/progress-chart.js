// Draws the solver's progress with uPlot: the best score so far and the proven bound, over seconds. The score begins
// thousands of times above the bound, so the points are on a logarithmic scale, from 1 up.
// The figures come in data-points and the meaning in words beside, so the drawing itself is silent.

const charts = new Map(); // element -> uPlot

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function series(rows) {
  const known = (value) => (value === null ? undefined : Math.max(1, value));
  return [rows.map((r) => r[0]), rows.map((r) => known(r[1])), rows.map((r) => known(r[2]))];
}

function options(box) {
  const axis = { stroke: token("--muted"), grid: { stroke: token("--line"), width: 1 }, ticks: { show: false } };
  const stepped = uPlot.paths.stepped({ align: 1 });
  const line = { paths: stepped, points: { show: false }, spanGaps: true };
  const figures = new Intl.NumberFormat(document.documentElement.lang || "id"); // the page's language, not the browser's
  const words = (value) => (value === null || value === undefined ? "" : figures.format(value));
  return {
    width: box.clientWidth,
    height: 220,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { distr: 3 } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((t) => `${words(t)} s`) },
      { ...axis, size: 72, values: (_, ticks) => ticks.map(words), grid: { show: false } },
    ],
    series: [
      {},
      { ...line, stroke: token("--teal"), width: 2.5 },
      { ...line, stroke: token("--amber"), width: 2, dash: [6, 4] },
    ],
  };
}

function draw(box) {
  if (charts.has(box)) return;
  charts.set(box, new uPlot(options(box), series(JSON.parse(box.dataset.points)), box));
}

function drawAll() {
  for (const [box, chart] of charts) {
    if (box.isConnected) continue;
    chart.destroy();
    charts.delete(box);
  }
  document.querySelectorAll("[data-progress-chart]").forEach(draw);
}

function redrawAll() {
  for (const [box, chart] of charts) {
    chart.destroy();
    charts.delete(box);
    box.replaceChildren();
  }
  drawAll();
}

// A table that somebody opened stays open when the next progress arrives.
const opened = new Set();
document.addEventListener("toggle", (event) => {
  const key = event.target.dataset?.keep;
  if (key) opened[event.target.open ? "add" : "delete"](key);
}, true);

function keepOpen() {
  for (const box of document.querySelectorAll("details[data-keep]:not([open])")) {
    if (opened.has(box.dataset.keep)) box.open = true;
  }
}

// Whoever replaces a part of the page (htmx does, once a second): draw before the browser paints, so nothing flickers.
new MutationObserver(() => {
  keepOpen();
  drawAll();
}).observe(document.body, { childList: true, subtree: true });

window.addEventListener("resize", redrawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
drawAll();
