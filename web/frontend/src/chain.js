// A step of a chain is dragged onto the one that it is to come before: the same form as its button is sent.
const steps = new Map([...document.querySelectorAll("[data-step]")].map((row) => [row.dataset.step, row]));
let dragged = null;

function comesBefore(id, other) {
  for (let row = steps.get(other); row; row = steps.get(row.dataset.after)) if (row.dataset.after === id) return true;
  return false;
}

// Whose form it is and before whom: a step that is dragged down lets the next one come earlier.
function move(onto) {
  if (comesBefore(onto, dragged)) return { step: dragged, before: onto };
  return steps.get(onto).dataset.after === dragged ? { step: onto, before: dragged } : null;
}

function formOf(step) {
  return document.querySelector(`form[data-earlier="${step}"]`);
}

function mark(row) {
  for (const one of steps.values()) one.classList.toggle("drop-here", one === row);
}

for (const [id, row] of steps) {
  row.draggable = Boolean(formOf(id)) || [...steps.values()].some((one) => one.dataset.after === id && formOf(one.dataset.step));
  row.addEventListener("dragstart", (event) => {
    dragged = id;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", id);
  });
  row.addEventListener("dragover", (event) => {
    if (!dragged || !move(id)) return;
    event.preventDefault();
    mark(row);
  });
  row.addEventListener("dragleave", () => mark(null));
  row.addEventListener("dragend", () => {
    dragged = null;
    mark(null);
  });
  row.addEventListener("drop", (event) => {
    event.preventDefault();
    const wanted = dragged && move(id);
    const form = wanted && formOf(wanted.step);
    if (!form) return;
    form.elements.before.value = wanted.before;
    form.requestSubmit();
  });
}
