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

// Live pages take what is new in place: what is being read, the focus and opened tables stay where they are.
const main = document.querySelector("main[data-live]");
const stops = "a, button, select, input, summary, [tabindex]";
const named = (one) => one.getAttribute("aria-label") ?? one.getAttribute("href") ?? one.textContent;
const alike = (root, which, one) => [...root.querySelectorAll(which)].filter((other) => named(other) === named(one));
async function refresh(version) {
  if (main.dataset.live === version) return;
  const answer = await fetch(location.href).catch(() => ({ ok: false }));
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["fresh", "content"]) {
    const [old, now] = [document.getElementById(id), page.getElementById(id)];
    const opened = [...old.querySelectorAll("details")].map((one) => one.open);
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && alike(old, stops, focused).indexOf(focused);
    const read = [...old.querySelectorAll("h2")].find((one) => one.getBoundingClientRect().bottom > 0);
    const [top, heading] = read ? [read.getBoundingClientRect().top, alike(old, "h2", read).indexOf(read)] : [];
    old.replaceChildren(...now.childNodes);
    old.querySelectorAll("details").forEach((one, place) => (one.open = opened[place] ?? false));
    if (focused) alike(old, stops, focused)[place]?.focus({ preventScroll: true });
    const again = read && scrollY && alike(old, "h2", read)[heading];
    if (again) scrollBy({ top: again.getBoundingClientRect().top - top, behavior: "instant" });
  }
  main.dataset.live = page.querySelector("main").dataset.live;
}
// A browser looks again for a server that is gone, but not where something between them answers with an error.
let news;
function listen() {
  news = new EventSource("/events");
  news.addEventListener("snapshot", ({ data }) => refresh(data));
  news.addEventListener("error", () => news.readyState === EventSource.CLOSED && setTimeout(listen, 15_000));
}
if (main) {
  listen();
  addEventListener("pagehide", () => news.close());
  addEventListener("pageshow", (event) => event.persisted && listen());
}

// The wallboard turns to the next scorecard by itself, until somebody touches it.
if (main?.dataset.next) {
  const turn = setTimeout(() => location.replace(main.dataset.next), main.dataset.seconds * 1000);
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => clearTimeout(turn));
}
