// A table that is kept current like a spreadsheet: each line saves itself, arrows and Enter move between lines.
import "./network.css";

const sheet = document.querySelector("[data-sheet]");

function cellsOf(column) {
  return [...sheet.querySelectorAll(`[data-column="${column}"]`)];
}

function move(cell, lines) {
  const column = cellsOf(cell.dataset.column);
  const next = column[column.indexOf(cell) + lines];
  if (next) {
    next.focus();
    next.select();
  }
}

async function save(form) {
  const row = form.closest("tr");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
  if (answer.headers.has("HX-Redirect")) {
    location.assign(answer.headers.get("HX-Redirect"));
    return;
  }
  const focused = document.activeElement?.id;
  const template = document.createElement("template");
  template.innerHTML = await answer.text();
  const renewed = template.content.querySelector("tr");
  if (renewed) row.replaceWith(renewed);
  else row.cells[0].append(template.content);
  document.getElementById(focused)?.focus();
  document.getElementById("told").textContent = renewed?.querySelector("[role=alert]")?.textContent ?? sheet.dataset.saved ?? "";
}

sheet?.addEventListener("change", (event) => event.target.form?.requestSubmit());
sheet?.addEventListener("keydown", (event) => {
  if (!event.target.dataset.column) return;
  const lines = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
  if (!lines) return;
  event.preventDefault();
  move(event.target, lines);
});
sheet?.addEventListener("submit", (event) => {
  event.preventDefault();
  save(event.target);
});
