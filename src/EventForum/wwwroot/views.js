// Keeps the list of views moving: asks for it once a second while the page is looked at.
const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

async function look() {
  if (document.hidden) {
    return;
  }

  const answer = await fetch("/api/views");
  if (!answer.ok) {
    return;
  }

  const { position, views } = await answer.json();
  document.getElementById("newest").textContent = number.format(position);
  for (const view of views) {
    const row = document.querySelector(`[data-view="${view.name}.${view.version}"]`);
    if (!row) {
      // A version that has come since: the page is made anew.
      location.reload();
      return;
    }

    const state = row.querySelector(".state");
    state.textContent = state.dataset.state = view.state;
    const bar = row.querySelector("progress");
    bar.max = view.position + view.eventsBehind;
    bar.value = view.position;
    row.querySelector(".position").textContent = number.format(view.position);
    row.querySelector(".pace").textContent = number.format(view.eventsPerSecond);
    row.querySelector(".failure").textContent = view.failure ?? "";
    const left = view.secondsLeft === null ? "" : `, ${number.format(view.secondsLeft)} s left`;
    row.querySelector(".behind").textContent =
      view.eventsBehind === 0 ? "–" : `${number.format(view.eventsBehind)} events${left}`;
  }
}

setInterval(() => look().catch(() => {}), 1000);
