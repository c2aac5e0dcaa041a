// Map and list of the network: what is pointed at in one is shown in the other.
import "./network.css";

const points = [...document.querySelectorAll("[data-places]")];
const offers = [...document.querySelectorAll("[data-place]")];

function show(parts, isShown) {
  for (const part of parts) part.classList.toggle("shown", isShown);
}

function pair(element, others) {
  element.addEventListener("pointerenter", () => show(others, true));
  element.addEventListener("pointerleave", () => show(others, false));
}

for (const point of points) {
  const names = point.dataset.places.split("|");
  pair(point, offers.filter((offer) => names.includes(offer.dataset.place)));
}
for (const offer of offers) {
  pair(offer, points.filter((point) => point.dataset.places.split("|").includes(offer.dataset.place)));
}
