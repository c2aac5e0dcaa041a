// Tells where long work stands while it goes on, and shows its result when it is over.
const box = document.querySelector("[data-progress]");

if (box) {
  const events = new EventSource(box.dataset.progress);
  events.addEventListener("progress", (event) => {
    const { step, sentence } = JSON.parse(event.data);
    box.querySelector("[data-told]").textContent = sentence;
    const said = box.querySelector("[data-step]"); // a screen reader says it again whenever it is set
    if (said.textContent !== step) said.textContent = step;
  });
  events.addEventListener("over", () => {
    events.close();
    location.reload();
  });
}
