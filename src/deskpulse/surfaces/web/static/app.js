// Filters act at once where JavaScript runs; everything works by links and forms where it does not.
for (const form of document.querySelectorAll("form.filters")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// On a phone the pages stand in a row: the one that is open is brought into sight.
const here = document.querySelector(".side ul [aria-current]");
here?.closest("ul").scrollTo({ left: here.offsetLeft - 16 });

// A transition between two pages that the browser gives up (another click came first) is no fault: the page is there.
addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof DOMException && event.reason.message.startsWith("Transition was ")) event.preventDefault();
});

// A chart is drawn by the server, and comes alive when it is first pointed at, touched or reached by the keyboard.
const vega = document.documentElement.dataset.vega;
async function enliven({ target }) {
  const figure = target.closest?.("figure.chart:not(.alive)");
  const drawing = figure?.querySelector(".drawing");
  if (!drawing) return;
  figure.classList.add("alive");
  await import(vega);
  const spec = JSON.parse(figure.querySelector("script").textContent);
  const { view } = await vegaEmbed(drawing, spec, { ast: true, actions: false, renderer: "svg" });
  view.addEventListener("click", (_, item) => item?.datum?.href && location.assign(item.datum.href));
}
for (const kind of ["pointerover", "focusin", "touchstart"]) {
  document.addEventListener(kind, enliven, { passive: true });
}

// Live pages take what is new in place: scroll, focus and opened tables stay.
const main = document.querySelector("main[data-live]");
const stops = "a, button, select, input, summary, [tabindex]";
async function refresh(version) {
  if (main.dataset.live === version) return;
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["fresh", "content"]) {
    const [old, now] = [document.getElementById(id), page.getElementById(id)];
    const opened = [...old.querySelectorAll("details")].map((one) => one.open);
    const focused = [...old.querySelectorAll(stops)].indexOf(document.activeElement);
    old.replaceChildren(...now.childNodes);
    old.querySelectorAll("details").forEach((one, place) => (one.open = opened[place] ?? false));
    old.querySelectorAll(stops)[focused]?.focus({ preventScroll: true });
  }
  main.dataset.live = page.querySelector("main").dataset.live;
}
if (main) {
  const news = new EventSource("/events");
  news.addEventListener("snapshot", ({ data }) => refresh(data));
  addEventListener("pagehide", () => news.close());
}

// The wallboard turns to the next scorecard by itself, until somebody touches it.
if (main?.dataset.next) {
  const turn = setTimeout(() => location.replace(main.dataset.next), main.dataset.seconds * 1000);
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => clearTimeout(turn));
}
