// Tells where a planning run stands while it is at work, and shows its result when it is over.
const box = document.querySelector("[data-progress]");

if (box) {
  const events = new EventSource(box.dataset.progress);
  events.addEventListener("progress", (event) => {
    box.querySelector("[data-told]").textContent = JSON.parse(event.data);
  });
  events.addEventListener("over", () => {
    events.close();
    location.reload();
  });
}
