// Warns before a session ends for want of requests. Nothing that was typed is lost: a session that is over is begun
// again in another window, and this page goes on where it was.
const WARNED_SECONDS = 120;

export function warnBeforeTimeOut(dialog) {
  if (!dialog) return;
  const idleSeconds = Number(dialog.dataset.idleSeconds);
  const token = document.querySelector('meta[name="csrf-token"]').content;
  let timer;

  function begin() {
    clearTimeout(timer);
    timer = setTimeout(() => dialog.showModal(), Math.max(5, idleSeconds - WARNED_SECONDS) * 1000);
  }

  async function stay() {
    const answer = await fetch(dialog.dataset.alive, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" }).catch(() => null);
    const isAlive = answer?.ok ?? false;
    dialog.querySelector("[data-soon]").hidden = !isAlive;
    dialog.querySelector("[data-over]").hidden = isAlive;
    if (isAlive) {
      dialog.close();
      begin();
    } else if (!dialog.open) dialog.showModal();
  }

  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", stay);
  document.addEventListener("htmx:after:request", begin);
  begin();
}
