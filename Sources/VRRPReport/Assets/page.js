'use strict';
// Enlarges, compares and links what the page shows without a script as well. The rows are drawn as in OverviewPicture.swift.
(() => {
  const rows = document.getElementById('rows');
  if (!rows) return;
  const byId = id => document.getElementById(id);
  const tools = byId('tools'), closer = byId('closer'), code = byId('filter'), copied = byId('copied');
  const find = byId('find'), first = byId('first'), second = byId('second');
  const LEFT = 200, RIGHT = 760, WIDTH = 960, BIN = 28, SVG = 'http://www.w3.org/2000/svg';
  const start = Number(rows.dataset.start), length = Math.max(Number(rows.dataset.length), 1);
  const zones = rows.dataset.zones.split(' ').filter(Boolean).map(zone => zone.split(':').map(Number));
  // All times below are milliseconds behind the start.
  let from = 0, to = length, instant = null;

  // Facts

  const states = {m: 'master', s: 'several masters', n: 'no master', o: 'not observed', u: 'uncertain'};
  const weights = {m: 1, o: 2, u: 3, n: 4, s: 5};
  const looks = {s: 'split', n: 'nobody', o: 'blind', u: 'unsure'};
  const look = run => run.state === 'm' ? 'm' + (run.masters[0] || 0) % 6 : looks[run.state];
  const parse = text => {
    const [begin, ...parts] = text.split(' ');
    let at = parseInt(begin, 36);
    return parts.map(part => {
      const [what, span] = part.split(':');
      const run = {state: what[0], masters: what.slice(1).split(',').filter(Boolean).map(Number), start: at};
      at += parseInt(span, 36);
      run.end = at;
      return run;
    });
  };
  const all = [...rows.querySelectorAll('svg.row:not(.several)')].map(svg => ({
    svg, slug: svg.dataset.slug, name: svg.dataset.name, filter: svg.dataset.filter,
    masters: svg.dataset.masters.split(' '), runs: parse(svg.dataset.runs)
  }));
  const bySlug = new Map(all.map(row => [row.slug, row]));
  const groups = [...rows.querySelectorAll('details.together')].map(details => ({
    details, svg: details.querySelector('svg.several'), rows: all.filter(row => details.contains(row.svg))
  }));
  const head = rows.querySelector('svg.head');
  const incidents = head.dataset.incidents.split(' ').filter(Boolean).map(text => {
    const [id, severity, kind, begin, span, anchor] = text.split(':');
    return {id, severity, kind, start: parseInt(begin, 36), end: parseInt(begin, 36) + parseInt(span, 36), anchor};
  });
  const severities = ['good', 'notice', 'warning', 'critical'];

  // Words

  const iso = (ms, decimals = 3) => {
    const at = start + ms;
    const zone = zones.reduce((minutes, [since, offset]) => at >= since ? offset : minutes, zones.length ? zones[0][1] : 0);
    const text = new Date(at + zone * 60000).toISOString().slice(0, decimals ? 20 + decimals : 19);
    if (!zones.length) return text + 'Z';
    const two = number => String(number).padStart(2, '0');
    return text + (zone < 0 ? '-' : '+') + two(Math.floor(Math.abs(zone) / 60)) + ':' + two(Math.abs(zone) % 60);
  };
  const words = ms => {
    if (ms < 1000) return Math.round(ms) + ' ms';
    if (ms < 100000) return (ms / 1000).toFixed(3) + ' s';
    const seconds = Math.round(ms / 1000);
    if (seconds < 3600) return Math.floor(seconds / 60) + ' min ' + seconds % 60 + ' s';
    const minutes = Math.round(seconds / 60);
    if (minutes < 1440) return Math.floor(minutes / 60) + ' h ' + minutes % 60 + ' min';
    return Math.floor(minutes / 1440) + ' d ' + Math.round(minutes % 1440 / 60) + ' h';
  };

  // Drawing

  const element = (parent, name, attributes, text) => {
    const made = document.createElementNS(SVG, name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    if (text !== undefined) made.textContent = text;
    parent.append(made);
    return made;
  };
  const x = ms => LEFT + (RIGHT - LEFT) * Math.min(Math.max((ms - from) / (to - from), 0), 1);
  const bars = (parent, lists, y, height, of = look) => {
    const columns = new Array(RIGHT - LEFT + 1).fill(null);
    for (const runs of lists) for (const run of runs) {
      if (run.end < from || run.start > to) continue;
      const name = of(run);
      if (!name) continue;
      const begin = Math.floor(x(run.start) - LEFT);
      const last = Math.max(begin, Math.ceil(x(run.end) - LEFT) - 1);
      for (let column = begin; column <= last; column += 1) {
        if (!columns[column] || weights[run.state] > columns[column][0]) columns[column] = [weights[run.state], name];
      }
    }
    const paths = {};
    for (let begin = 0, at = 1; at <= columns.length; at += 1) {
      const name = columns[begin] && columns[begin][1];
      if (at < columns.length && (columns[at] && columns[at][1]) === name) continue;
      if (name) paths[name] = (paths[name] || '') + `M${LEFT + begin} ${y}h${at - begin}v${height}h${begin - at}z`;
      begin = at;
    }
    for (const name in paths) element(parent, 'path', {d: paths[name], class: name});
  };
  const line = parent => {
    if (instant === null || instant < from || instant > to) return;
    const at = x(instant).toFixed(1);
    element(parent, 'line', {x1: at, x2: at, y1: 0, y2: 24, class: 'cursor'});
  };
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
    .concat([1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800,
      1209600, 2419200, 7862400, 31536000, 315360000].map(seconds => seconds * 1000));
  const drawAxis = parent => {
    parent.replaceChildren();
    const step = steps.find(step => (to - from) / step <= 6) || steps[steps.length - 1];
    const zone = (zones.length ? zones[0][1] : 0) * 60000;
    for (let at = Math.ceil((start + from + zone) / step) * step - zone - start; at <= to; at += step) {
      const place = x(at), text = iso(at, step < 10 ? 3 : step < 100 ? 2 : step < 1000 ? 1 : 0);
      element(parent, 'line', {x1: place, x2: place, y1: 42, y2: 46, class: 'grid'});
      const side = place > RIGHT - 30 ? 'end' : place < LEFT + 30 ? 'start' : 'middle';
      const label = step >= 86400000 ? text.slice(0, 10) : text.slice(11).replace(/Z$|[+-]\d\d:\d\d$/, '');
      element(parent, 'text', {x: place, y: 36, class: 'tick', 'text-anchor': side}, label);
    }
  };
  const drawFlags = parent => {
    parent.replaceChildren();
    const bins = new Map();
    for (const incident of incidents) {
      if (incident.end < from || incident.start > to) continue;
      const bin = Math.min(Math.floor((x(incident.start) - LEFT) / BIN), (RIGHT - LEFT) / BIN - 1);
      bins.set(bin, (bins.get(bin) || []).concat(incident));
    }
    for (const [bin, members] of [...bins].sort((left, right) => left[0] - right[0])) {
      const grave = severities[Math.max(...members.map(member => severities.indexOf(member.severity)))];
      const one = members.length === 1, edge = LEFT + bin * BIN;
      const name = one ? `Incident ${members[0].id}, ${iso(members[0].start, 0)}, ${members[0].kind}`
        : `${members.length} incidents from ${iso(members[0].start, 0)}`;
      const link = element(parent, 'a', {href: '#' + (one ? members[0].anchor : 'incidents'), 'aria-label': name});
      const box = element(link, 'rect', {x: edge + 1, y: 2, width: BIN - 2, height: 18, class: 'flag ' + grave});
      element(box, 'title', {}, name);
      element(link, 'text', {x: edge + BIN / 2, y: 15, class: 'flagname', 'text-anchor': 'middle'},
        one ? members[0].id : '×' + members.length);
      const begin = x(members[0].start), end = Math.max(...members.map(member => x(member.end)));
      element(parent, 'rect', {x: begin, y: 22, width: Math.max(end - begin, 1.5), height: 4, class: 'flag ' + grave});
    }
  };
  const drawRow = (svg, lists) => {
    const group = svg.querySelector('g.bars');
    group.replaceChildren();
    bars(group, lists, 3, 18);
    line(group);
  };
  const drawCloser = () => {
    const chosen = [first, second].map(list => bySlug.get(list.value)).filter(Boolean);
    closer.replaceChildren();
    closer.hidden = chosen.length === 0;
    for (const row of chosen) {
      const height = 30 + 22 * row.masters.length;
      const svg = element(closer, 'svg', {viewBox: `0 0 ${WIDTH} ${height}`, class: 'timeline closer', role: 'img',
        'aria-label': `${row.name} from ${iso(from)} to ${iso(to)}`});
      const name = (text, y) => element(svg, 'text', {x: LEFT - 8, y, class: 'rowname', 'text-anchor': 'end'},
        text.length > 27 ? text.slice(0, 12) + '…' + text.slice(-14) : text);
      name(row.name, 17);
      bars(svg, [row.runs], 3, 20);
      row.masters.forEach((address, place) => {
        name(address, 41 + 22 * place);
        bars(svg, [row.runs], 30 + 22 * place, 14, run => run.state === 'o' ? 'blind'
          : !run.masters.includes(place) ? null : run.state === 'u' ? 'unsure' : 'm' + place % 6);
      });
      if (instant !== null && instant >= from && instant <= to) {
        const at = x(instant).toFixed(1);
        element(svg, 'line', {x1: at, x2: at, y1: 0, y2: height, class: 'cursor'});
      }
    }
  };

  // What is shown, in words, as a filter and as a link

  const told = row => {
    const run = row.runs.find(run => run.start <= instant && instant < run.end) || row.runs[row.runs.length - 1];
    if (!run || instant < row.runs[0].start) return `${row.name}: not there yet`;
    const names = run.masters.map(place => row.masters[place]).join(' + ');
    return `${row.name}: ${run.state === 'm' ? names + ' is master' : states[run.state] + (names ? ', ' + names : '')}`
      + ` since ${iso(run.start)}`;
  };
  const chosen = () => [first, second].map(list => bySlug.get(list.value)).filter(Boolean);
  const tell = () => {
    byId('window').textContent = `Shown: ${iso(from)} to ${iso(to)}, ${words(to - from)}.`;
    const of = chosen().length ? chosen() : all.filter(row => !row.svg.hasAttribute('hidden'));
    byId('instant').textContent = instant === null ? '' : `At ${iso(instant)}: ` + of.slice(0, 3).map(told).join('; ')
      + (of.length > 3 ? `; and ${of.length - 3} more` : '') + '.';
    const parts = [chosen().length ? chosen().map(row => row.filter).join(' || ') : 'vrrp'];
    if (chosen().length > 1) parts[0] = `(${parts[0]})`;
    if (from > 0 || to < length) {
      const epoch = ms => ((start + ms) / 1000).toFixed(3);
      parts.push(`frame.time_epoch >= ${epoch(Math.floor(from))}`, `frame.time_epoch <= ${epoch(Math.ceil(to))}`);
    }
    code.textContent = parts.join(' && ');
    copied.textContent = '';
  };
  const link = () => {
    const utc = ms => new Date(start + ms).toISOString();
    const parts = [];
    if (instant !== null) parts.push('at=' + utc(instant));
    if (from > 0 || to < length) parts.push('from=' + utc(from), 'to=' + utc(to));
    if (first.value) parts.push('vr=' + first.value);
    if (second.value) parts.push('with=' + second.value);
    return parts.length ? '#' + parts.join('&') : '';
  };
  const draw = (remember = true) => {
    drawAxis(head.querySelector('g.ticks'));
    drawFlags(head.querySelector('g.flags'));
    for (const row of all) drawRow(row.svg, [row.runs]);
    for (const group of groups) drawRow(group.svg, group.rows.map(row => row.runs));
    drawCloser();
    tell();
    if (remember) history.replaceState(null, '', link() || location.pathname + location.search);
  };
  const show = (begin, end) => {
    const span = Math.min(Math.max(end - begin, 10), length);
    from = Math.min(Math.max(begin, 0), length - span);
    to = from + span;
    draw();
  };
  const open = () => {
    const facts = new URLSearchParams(location.hash.slice(1));
    const time = key => facts.has(key) ? Date.parse(facts.get(key)) - start : NaN;
    const [at, begin, end] = [time('at'), time('from'), time('to')];
    const places = ['vr', 'with'].map(key => bySlug.has(facts.get(key)) ? facts.get(key) : '');
    if (Number.isNaN(at) && Number.isNaN(begin) && !places[0]) return;
    [first.value, second.value] = places;
    instant = Number.isNaN(at) ? null : Math.min(Math.max(at, 0), length);
    if (begin < end) {
      from = Math.min(Math.max(begin, 0), length - 10);
      to = Math.max(Math.min(end, length), from + 10);
    } else if (instant !== null) {
      const span = Math.min(Math.max(length / 40, 10000), length);
      from = Math.min(Math.max(instant - span / 2, 0), length - span);
      to = from + span;
    }
    draw(false);
    byId('overview').scrollIntoView();
  };

  // Hands

  const zoom = (factor, middle = instant !== null && instant >= from && instant <= to ? instant : (from + to) / 2) =>
    show(middle - (middle - from) * factor, middle + (to - middle) * factor);
  const move = share => show(from + (to - from) * share, to + (to - from) * share);
  const whole = () => { instant = null; show(0, length); };
  const copy = async text => {
    try {
      await navigator.clipboard.writeText(text);
      copied.textContent = 'Copied.';
    } catch {
      getSelection().selectAllChildren(code);
      copied.textContent = 'The browser does not let a page copy; mark and copy the text.';
    }
  };
  const actions = {
    in: () => zoom(1 / 2), out: () => zoom(2), earlier: () => move(-1 / 2), later: () => move(1 / 2), whole,
    link: () => copy(location.href), filter: () => copy(code.textContent)
  };
  tools.addEventListener('click', event => actions[event.target.dataset.do]?.());
  rows.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {'+': actions.in, '=': actions.in, '-': actions.out, Escape: whole};
    // A window too narrow for the rows scrolls with the arrows as long as all of the time is shown.
    if (from > 0 || to < length) Object.assign(keys, {ArrowLeft: actions.earlier, ArrowRight: actions.later});
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  const place = event => {
    const svg = event.target.closest && event.target.closest('svg.row, svg.head');
    if (!svg || !rows.contains(svg) || event.target.closest('a')) return null;
    const box = svg.getBoundingClientRect();
    const at = (event.clientX - box.left) / box.width * WIDTH;
    return at < LEFT || at > RIGHT ? null : from + (at - LEFT) / (RIGHT - LEFT) * (to - from);
  };
  let begun = null, dragged = false;
  const mark = document.createElement('div');
  mark.className = 'drag';
  mark.hidden = true;
  rows.append(mark);
  rows.addEventListener('pointerdown', event => {
    const ms = event.button === 0 ? place(event) : null;
    begun = ms === null ? null : {ms, x: event.clientX};
  });
  addEventListener('pointermove', event => {
    if (!begun) return;
    const box = rows.getBoundingClientRect();
    mark.hidden = Math.abs(event.clientX - begun.x) < 5;
    mark.style.left = Math.min(event.clientX, begun.x) - box.left + rows.scrollLeft + 'px';
    mark.style.width = Math.abs(event.clientX - begun.x) + 'px';
  });
  addEventListener('pointerup', event => {
    if (!begun) return;
    const svg = head.getBoundingClientRect();
    const moved = (event.clientX - begun.x) / svg.width * WIDTH / (RIGHT - LEFT) * (to - from);
    dragged = Math.abs(event.clientX - begun.x) >= 5;
    mark.hidden = true;
    if (dragged) {
      show(Math.min(begun.ms, begun.ms + moved), Math.max(begun.ms, begun.ms + moved));
    } else {
      instant = begun.ms;
      draw();
    }
    begun = null;
  });
  // On the time axis a click is for the instant; only the name of a group opens and closes it.
  rows.addEventListener('click', event => { if (place(event) !== null) event.preventDefault(); });
  find.addEventListener('input', () => {
    const wanted = find.value.trim().toLowerCase();
    for (const row of all) {
      const text = `${row.name} ${row.slug} ${row.filter}`.toLowerCase();
      row.svg.toggleAttribute('hidden', wanted !== '' && !text.includes(wanted));
    }
    for (const group of groups) {
      group.details.hidden = group.rows.every(row => row.svg.hasAttribute('hidden'));
      if (wanted !== '') group.details.open = true;
    }
    tell();
  });
  for (const list of [first, second]) {
    for (const row of all) list.add(new Option(row.name, row.slug));
    list.addEventListener('change', () => draw());
  }
  addEventListener('hashchange', open);
  tools.hidden = false;
  tell();
  open();
})();
