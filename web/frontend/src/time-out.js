// Warns before a session ends for want of requests, so that nothing that was typed is lost.
const WARNED_SECONDS = 120;

export function warnBeforeTimeOut(dialog) {
  if (!dialog) return;
  const idleSeconds = Number(dialog.dataset.idleSeconds);
  let timer;
  const begin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dialog.showModal(), Math.max(5, idleSeconds - WARNED_SECONDS) * 1000);
  };
  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const answer = await fetch(dialog.dataset.alive, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
    dialog.close();
    if (answer.ok) begin();
    else location.reload();
  });
  document.addEventListener("htmx:after:request", begin);
  begin();
}
