"""Walks through a page with the Tab key alone, and says what cannot be reached or seen on the way."""

from __future__ import annotations

from playwright.sync_api import Page

_PREPARE = """() => {
  // What moves slowly would look unchanged at the moment in which it gets the focus.
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
  document.adoptedStyleSheets = [still];
  const ACTIVE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const isIn = one => !one.disabled && one.checkVisibility({visibilityProperty: true})
    && !one.closest('[inert], dialog:not([open])');
  const isOne = one => {  // of a group of radios one has the focus: the one that is chosen, else the first
    if (one.type !== 'radio') return true;
    const group = [...document.getElementsByName(one.name)].filter(other => other.form === one.form);
    return one === (group.find(other => other.checked) ?? group[0]);
  };
  const PARTS = ['outline', 'boxShadow', 'border', 'background', 'color', 'textDecoration', 'stroke',
    'strokeWidth', 'fill'];
  const seenOf = (part, pseudo) => {
    const style = getComputedStyle(part, pseudo);
    return PARTS.map(name => style[name]).join(';');
  };
  const look = one => [one, one.parentElement, ...one.children].flatMap(
    part => [null, '::before', '::after'].map(pseudo => seenOf(part, pseudo))).join('|');
  const words = one => (one.innerText ?? one.textContent ?? '').trim().slice(0, 50);
  const named = one => `${one.tagName.toLowerCase()} ${one.id ? '#' + one.id : ''} ${words(one)}`;
  const all = [...document.querySelectorAll(ACTIVE)].filter(one => isIn(one) && isOne(one));
  const before = new Map(all.map(one => [one, look(one)]));
  const walk = window.keyboardWalk = {seen: [], unseen: [], all, named};
  document.addEventListener('focusin', event => {
    const one = event.target;
    walk.seen.push(one);
    if (before.has(one) && before.get(one) === look(one)) walk.unseen.push(one);
  });
  // Day and month are fields within the field, each with a stop of its own.
  const stops = {date: 4, month: 3};
  return all.reduce((sum, one) => sum + (stops[one.type] ?? 1), 0);
}"""

_FOUND = """() => {
  const {seen, unseen, all, named} = window.keyboardWalk;
  const first = seen.indexOf(seen[0], 1);
  const once = first < 0 ? seen : seen.slice(0, first);
  const isBefore = (one, other) => other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING;
  const backwards = once.filter((one, i) => i && isBefore(one, once[i - 1]));
  return [
    ...(seen[0]?.getAttribute('href') === '#content' ? [] : ['the first does not lead to the content']),
    ...all.filter(one => !seen.includes(one)).map(one => 'cannot be reached: ' + named(one)),
    ...unseen.map(one => 'focus is not seen: ' + named(one)),
    ...backwards.map(one => 'goes back: ' + named(one)),
  ];
}"""


def walked(page: Page) -> list[str]:
    """Press Tab on a page just opened until every control was met; return what is wrong with the way.

    Beyond the last control the browser's own follow, then the first one again.
    """
    stops = page.evaluate(_PREPARE)
    keys = page.context.new_cdp_session(page)
    tab = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
    for _ in range(stops + 1):
        keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **tab})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **tab})
    keys.detach()
    found: list[str] = page.evaluate(_FOUND)
    return found
