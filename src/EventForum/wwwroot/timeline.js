// The timeline page without loading it anew: each moment is the server's own page of it, whose parts are put in place.

const root = document.getElementById("timeline");
const chart = document.getElementById("chart");
const slider = document.getElementById("slider");
const player = document.getElementById("player");
const playButton = document.getElementById("play");
const speed = document.getElementById("speed");
const sentence = document.getElementById("sentence");

/** How often a moment is shown at most: faster play leaves some out. */
const frame = 125;

const isShared = location.search !== "";
const version = () => Number(root.dataset.version);
const last = () => Number(root.dataset.last);

for (const hidden of [slider, playButton, document.getElementById("speed-choice")]) hidden.hidden = false;
remember();
if (isShared) reveal();

// --- Going to a moment: one request at a time, and the latest wish wins

let wish = null;
let going = null;
let head = document.getElementById("head-line").getAttribute("x1");

function go(query) {
  wish = query;
  going ??= follow().finally(() => (going = null));
  return going;
}

async function follow() {
  while (wish) {
    const query = wish;
    wish = null;
    const url = `${location.pathname}?${new URLSearchParams(query)}`;
    const html = await read(url);
    if (html === null) {
      if (!wish) giveUp();
      continue;
    }
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.getElementById("timeline");
    if (!fresh) {
      location.assign(url); // the page says what is wrong
      return;
    }
    show(page, fresh);
  }
}

/** A page, empty where the server has none; null when nobody answers. */
async function read(url) {
  try {
    const answer = await fetch(url, { headers: { accept: "text/html" } });
    return answer.ok ? await answer.text() : "";
  } catch {
    return null;
  }
}

/** Stays at the moment that is shown. */
function giveUp() {
  pause();
  slider.value = version();
  placeHead(head);
  sentence.ariaLive = "polite";
  sentence.textContent = "The forum does not answer. Check your connection, then try again.";
}

function show(page, fresh) {
  const grown = fresh.dataset.last !== root.dataset.last;
  const told = page.getElementById("slider");
  Object.assign(root.dataset, fresh.dataset);
  if (!fresh.dataset.nextAt) delete root.dataset.nextAt;
  document.title = page.title;
  for (const id of ["moment-head", "moment"]) {
    document.getElementById(id).replaceWith(document.adoptNode(page.getElementById(id)));
  }
  if (grown) {
    for (const id of ["chart-drawn", "whole"]) {
      document.getElementById(id).replaceWith(document.adoptNode(page.getElementById(id)));
    }
    slider.max = told.max;
  }
  // A step that has the focus keeps it, so only what it says and where it leads changes.
  for (const id of ["to-first", "to-previous", "to-next", "to-last"]) {
    const [step, now] = [document.getElementById(id), page.getElementById(id)];
    step.href = now.getAttribute("href");
    if (now.ariaDisabled) step.ariaDisabled = "true";
    else step.removeAttribute("aria-disabled");
  }
  document.querySelector("#now .meta").replaceWith(document.adoptNode(page.querySelector("#now .meta")));
  // The slider says its own value; what plays would be a stream of talk.
  sentence.ariaLive = playing || document.activeElement === slider ? "off" : "polite";
  sentence.replaceChildren(...page.getElementById("sentence").childNodes);
  document.getElementById("day").value = page.getElementById("day").getAttribute("value");
  slider.setAttribute("aria-valuetext", told.getAttribute("aria-valuetext"));
  for (const bar of chart.querySelectorAll("[data-first]")) {
    bar.classList.toggle("ahead", Number(bar.dataset.first) > version());
  }
  head = page.getElementById("head-line").getAttribute("x1");
  if (!dragging && !wish) {
    slider.value = version();
    placeHead(head);
    remember();
    reveal();
  }
}

/** The address always holds the moment. */
function remember() {
  history.replaceState(null, "", `${location.pathname}?version=${version()}`);
}

function placeHead(x) {
  const line = document.getElementById("head-line");
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
  document.getElementById("head-grip").setAttribute("cx", x);
}

/** Brings the changed post into view, unless it is there already. */
function reveal() {
  const changed = document.querySelector("#moment .changed, #moment .thread-change");
  if (!changed) return;
  const stuck = getComputedStyle(player).position === "sticky";
  const top = stuck ? Math.max(0, player.getBoundingClientRect().bottom) : 0;
  const box = changed.getBoundingClientRect();
  if (box.top >= top && Math.min(box.bottom, box.top + 160) <= innerHeight) return;
  scrollBy({ top: box.top - top - 16, behavior: "instant" });
}

// --- Links to moments

root.addEventListener("click", (e) => {
  const link = e.target.closest("a");
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
  const url = new URL(link.getAttribute("href") ?? link.href.baseVal, location.href);
  if (url.pathname !== location.pathname || !url.searchParams.has("version")) return;
  e.preventDefault();
  if (link.closest(".bars") && e.detail > 0) return; // pressing the chart has led there
  pause();
  go({ version: url.searchParams.get("version") });
});

// --- The slider: keys step from event to event

slider.addEventListener("input", () => {
  pause();
  go({ version: slider.value });
});

slider.addEventListener("keydown", (e) => {
  if (e.key !== " ") return;
  e.preventDefault();
  toggle();
});

// --- The chart: pressed and dragged over

let dragging = false;

chart.addEventListener("dragstart", (e) => e.preventDefault());

chart.addEventListener("pointerdown", (e) => {
  if (e.button || e.target.closest("[data-mark]")) return;
  pause();
  dragging = true;
  chart.classList.add("dragged");
  chart.setPointerCapture(e.pointerId);
  slider.focus({ preventScroll: true, focusVisible: false });
  drag(e);
});

chart.addEventListener("pointermove", (e) => {
  if (dragging) drag(e);
});

for (const end of ["pointerup", "pointercancel"]) {
  chart.addEventListener(end, async () => {
    if (!dragging) return;
    dragging = false;
    chart.classList.remove("dragged");
    go({ version: slider.value });
  });
}

function drag(e) {
  const box = chart.getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (e.clientX - box.left) / box.width));
  placeHead(`${share * 100}%`);
  const wanted = versionAt(share);
  if (wanted === Number(slider.value)) return;
  slider.value = wanted;
  go({ version: wanted });
}

/** The moment at a place in the chart: what had happened by then. */
function versionAt(share) {
  if (share >= 1) return last();
  const bars = [...chart.querySelectorAll("[data-span]")];
  const place = share * 100;
  const bar = bars.findLast((one) => Number(one.dataset.span) <= place) ?? bars[0];
  const [first, final] = [Number(bar.dataset.first), Number(bar.dataset.last)];
  const within = Math.min(1, place - Number(bar.dataset.span));
  return first + Math.round((final - first) * within);
}

// --- Playing: in the thread's own rhythm, sped up, and long silences cut short

let playing = false;
let wake = null;

playButton.addEventListener("click", toggle);
speed.addEventListener("change", () => wake?.());
addEventListener("pagehide", pause);

function toggle() {
  if (playing) pause();
  else play();
}

function pause() {
  playing = false;
  wake?.();
  tell();
}

function tell() {
  player.classList.toggle("playing", playing);
  playButton.ariaLabel = playing ? "Pause" : "Play";
}

async function play() {
  playing = true;
  tell();
  if (version() >= last()) await go({ version: 1 });
  let shownAt = performance.now();
  while (playing && version() < last()) {
    const { at, nextAt, longestPause } = root.dataset;
    const gap = Math.max(0, Date.parse(nextAt) - Date.parse(at)) / Number(speed.value);
    const before = version();
    const soonest = shownAt + frame - performance.now();
    await sleep(Math.max(soonest, Math.min(gap, Number(longestPause))));
    if (!playing) return;
    shownAt = performance.now();
    // Several events within a frame: on to the last of them.
    const jump = new Date(Date.parse(at) + frame * Number(speed.value)).toISOString();
    await go(gap < frame ? { at: jump } : { version: before + 1 });
    if (playing && version() <= before) await go({ version: before + 1 });
  }
  pause();
}

function sleep(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    wake = done;
    function done() {
      clearTimeout(timer);
      wake = null;
      resolve();
    }
  });
}
