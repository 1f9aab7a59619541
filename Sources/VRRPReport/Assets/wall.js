'use strict';
// Keeps the page up to date: everything in it is drawn by the server, and read without this script as well.
(() => {
  const live = document.getElementById('live');
  const PAUSE = 500, LONGEST = 10000;
  let timer = null, isBusy = false, isWanted = false;

  const refresh = async () => {
    timer = null;
    if (isBusy) { isWanted = true; return; }
    isBusy = true;
    try {
      const answer = await fetch('/', {cache: 'no-store'});
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const old = document.querySelector('main'), fresh = page.querySelector('main');
      // What somebody opened stays open.
      const opened = [...old.querySelectorAll('details')].map(details => details.open);
      fresh.querySelectorAll('details').forEach((details, index) => { if (opened[index]) details.open = true; });
      old.replaceWith(document.adoptNode(fresh));
      live.textContent = 'Live. Last change seen at ' + new Date().toLocaleTimeString() + '.';
    } catch (error) {
      live.textContent = 'The server does not answer: this is what was known before.';
    }
    isBusy = false;
    if (isWanted) { isWanted = false; later(PAUSE); }
  };
  const later = pause => { if (timer === null) timer = setTimeout(refresh, pause); };

  const events = new EventSource('/events');
  events.onopen = () => { live.textContent = 'Live.'; later(0); };
  events.onmessage = () => later(PAUSE);
  events.onerror = () => { live.textContent = 'The connection is lost: this is what was known before.'; };
  // Timelines grow though nothing happens.
  setInterval(() => later(0), LONGEST);
})();
