'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = id => document.getElementById(id);
  const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8c6bb1', '#7f7f7f'];
  const METRICS = { footprint: 'footprint, bytes', usable: 'bytes that live blocks occupy', frames: 'page frames',
    tables: 'frames of page tables' };
  const charts = {};
  let light = false; // while printing

  // ---- numbers ----
  const count = n => Math.round(n).toLocaleString('en');
  const percent = share => (share * 100).toFixed(1) + ' %';
  const decimal = n => n < 100 ? n.toFixed(1) : count(n);
  const bytesTo = (n, digits) => {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    let unit = 0;
    while (n >= 1023.5 && unit < units.length - 1) { n /= 1024; unit++; }
    return (unit === 0 || n >= 99.95 ? n.toFixed(0) : n.toFixed(digits)) + ' ' + units[unit];
  };
  const bytes = n => bytesTo(n, 1);
  const file = path => path.split('/').pop();
  const spread = (runs, figure, format) => {
    const values = runs.map(figure);
    const least = format(Math.min(...values));
    const most = format(Math.max(...values));
    return least === most ? least : least + ' – ' + most;
  };

  // ---- tables ----
  const table = (id, head, rows) => {
    const element = $(id);
    element.replaceChildren();
    const add = (cells, name) => {
      const row = element.insertRow();
      for (const cell of cells) {
        const made = document.createElement(name);
        made.textContent = cell;
        if (String(cell).startsWith('FAILED')) { made.className = 'bad'; }
        row.append(made);
      }
    };
    if (rows.length > 0) { add(head, 'th'); }
    rows.forEach(row => add(row, 'td'));
  };
  const group = () => data.groups[$('group').value];
  const counted = () => group().cells.filter(cell => cell.runs);
  const colour = cell => COLOURS[group().cells.indexOf(cell) % COLOURS.length];

  const summary = () => {
    const chosen = group();
    $('facts').textContent = `${file(chosen.trace)} on ${file(chosen.map)}: ${count(chosen.operations)} operations, `
      + `${bytes(chosen.peakLiveBytes)} live at most.`;
    table('summary', ['stack', 'rank', 'modelled cycles/op', 'peak footprint', 'utilisation', 'internal fr.', 'external fr.',
      'frames', 'page tables', 'walk steps', 'TLB flushes', 'address span', 'metadata stated'],
    chosen.cells.map(cell => cell.runs ? row(cell) : [cell.label, 'FAILED: ' + cell.failure]));
    const timed = chosen.cells.filter(cell => cell.wallClock);
    table('clock', ['stack', 'rank', 'ns/op', 'least – most', 'operations/s', 'p50 ns', 'p99 ns', 'p99.9 ns', 'max ns', 'malloc lab'],
      timed.map(clockRow));
    $('clocknote').textContent = timed.length === 0
      ? 'No wall-clock figures were taken.'
      : `Wall clock of the host that ran this, median of ${data.repeat} runs. = is not told apart from the best `
        + '(Mann-Whitney, adjusted after Holm, p ≥ 0.05). Malloc lab: 60 × utilisation + 40 × throughput over '
        + `${count(data.libcOpsPerSecond)}/s, at most 40 (CS:APP handout).`;
  };
  const rank = (place, spread) => place.rank + (spread && place.rank > 1 && !place.toldApart ? '=' : '');
  const row = cell => {
    const base = cell.runs[0];
    const memory = base.memory;
    return [cell.label, cell.ranks ? rank(cell.ranks.modelled, data.seed > 0) + (cell.pareto ? '*' : '')
      : 'FAILED: ' + (cell.failure ?? count(base.counts.failure) + ' births without memory'),
    spread(cell.runs, run => run.modelledCyclesPerOperation, decimal),
    spread(cell.runs, run => run.memory.peakFootprintBytes, bytes), percent(base.utilisation),
    percent(base.internalFragmentation), percent(base.externalFragmentation), count(memory.peakFrames),
    count(memory.peakTableFrames), count(base.counts.walkStep), count(base.counts.flush), bytes(memory.spanBytes),
    memory.metadataBytes < 0 ? '–' : bytes(memory.metadataBytes)];
  };
  const clockRow = cell => {
    const clock = cell.wallClock;
    const each = clock.wallNanos.map(nanos => nanos / clock.operations);
    const place = cell.ranks && cell.ranks.wallClock;
    const at = p => count(clock.latency[clock.percentiles.findIndex(point => point >= p)]);
    return [cell.label, place ? rank(place, true) : '–', decimal(clock.nanosPerOperation),
      decimal(Math.min(...each)) + ' – ' + decimal(Math.max(...each)), count(clock.operationsPerSecond), at(50), at(99), at(99.9),
      at(100), `${clock.mallocLabUtilisation.toFixed(0)} + ${clock.mallocLabThroughput.toFixed(0)}`];
  };
  const ranks = () => {
    const sums = new Map();
    for (const one of data.groups) {
      for (const cell of one.cells.filter(cell => cell.ranks)) {
        const sum = sums.get(cell.label) ?? { groups: 0, modelled: 0, peakFootprint: 0, fragmentation: 0, wallClock: 0 };
        sum.groups++;
        for (const key of ['modelled', 'peakFootprint', 'fragmentation', 'wallClock']) {
          sum[key] += cell.ranks[key] ? cell.ranks[key].rank : NaN;
        }
        sums.set(cell.label, sum);
      }
    }
    const mean = (sum, key) => Number.isNaN(sum[key]) ? '–' : (sum[key] / sum.groups).toFixed(2);
    table('ranks', ['mean rank of', 'modelled cycles', 'peak footprint', 'fragmentation', 'wall clock', 'of groups'],
      [...sums].map(([label, sum]) => [label, mean(sum, 'modelled'), mean(sum, 'peakFootprint'), mean(sum, 'fragmentation'),
        mean(sum, 'wallClock'), sum.groups]));
  };

  // ---- plots ----
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const ink = () => light ? '#000' : style('--ink');
  const grid = () => light ? '#bbb' : style('--line');
  const axis = (title, more = {}) => ({ title: { display: true, text: title, color: ink() }, grid: { color: grid() }, ...more,
    ticks: { color: ink(), maxRotation: 0, autoSkipPadding: 12, ...more.ticks } });
  const byteTicks = most => ({ callback: bytes, stepSize: most > 0 ? 2 ** Math.ceil(Math.log2(most / 6)) : 1 });
  const draw = (id, type, chartData, options, plugins = []) => {
    charts[id]?.destroy();
    charts[id] = new Chart($(id), { type, data: chartData, plugins, options: { animation: false, responsive: true,
      maintainAspectRatio: false, interaction: { mode: 'nearest', intersect: false }, ...options,
      plugins: { legend: { labels: { color: ink(), boxWidth: 12 } }, ...options.plugins } } });
    $(id).dataset.points = chartData.datasets.reduce((sum, set) => sum + set.data.length, 0);
  };
  const range = values => Math.max(...values) - Math.min(...values) || Math.max(...values);
  const pareto = () => draw('pareto', 'bubble', { datasets: counted().map(cell => {
    const run = cell.runs[0];
    return { label: cell.label, borderColor: colour(cell), borderWidth: 2,
      backgroundColor: cell.pareto ? colour(cell) : 'transparent',
      data: [{ x: run.modelledCyclesPerOperation, y: run.memory.peakFootprintBytes, r: 4 + 16 * run.fragmentation,
        waste: run.fragmentation }] };
  }) }, { scales: { x: axis('modelled cycles per operation', { grace: '10%' }), y: axis('peak footprint', { grace: '10%',
    ticks: { ...byteTicks(range(counted().map(cell => cell.runs[0].memory.peakFootprintBytes))), callback: n => bytesTo(n, 2) } }) },
  plugins: { tooltip: { callbacks: { label: item => `${item.dataset.label}: ${decimal(item.raw.x)} cycles/op, `
    + `${bytes(item.raw.y)}, fragmentation ${percent(item.raw.waste)}` } } } });

  const swapMarks = events => ({ id: 'swaps', afterDatasetsDraw(chart) {
    const { ctx, chartArea: area, scales } = chart;
    ctx.save();
    ctx.strokeStyle = style('--held');
    ctx.setLineDash([4, 3]);
    for (const event of events) {
      const x = scales.x.getPixelForValue(event);
      ctx.beginPath();
      ctx.moveTo(x, area.top);
      ctx.lineTo(x, area.bottom);
      ctx.stroke();
    }
    ctx.restore();
  } });
  const swapEvents = series => series.event.filter((event, i) => series.swaps[i] > (i > 0 ? series.swaps[i - 1] : 0));
  const series = () => {
    const metric = $('metric').value;
    const format = metric === 'footprint' || metric === 'usable' ? bytes : count;
    const line = (label, cell, values, more) => ({ label, borderColor: more?.borderColor ?? colour(cell), borderWidth: 1.5,
      pointRadius: 0, stepped: 'after', data: values.map((y, i) => ({ x: cell.series.event[i], y })), ...more });
    const sets = counted().map(cell => line(cell.label, cell, cell.series[metric]));
    if (format === bytes && counted().length > 0) {
      sets.push(line('asked for by live blocks', counted()[0], counted()[0].series.live, { borderColor: ink(), borderDash: [3, 3] }));
    }
    const swaps = [...new Set(counted().flatMap(cell => swapEvents(cell.series)))];
    $('swaps').textContent = swaps.length === 0 ? 'No provider was exchanged during these runs.'
      : `Dashed lines: providers were exchanged at event ${swaps.map(count).join(', ')}.`;
    draw('series', 'line', { datasets: sets }, { parsing: false, scales: {
      x: axis('events done', { type: 'linear', max: group().events, ticks: { callback: count } }),
      y: axis(METRICS[metric], { beginAtZero: true, ticks: format === bytes
        ? byteTicks(Math.max(...sets.flatMap(set => set.data.map(point => point.y)))) : { callback: count } }) },
    plugins: { tooltip: { callbacks: { label: item => `${item.dataset.label}: ${format(item.parsed.y)}` } } } }, [swapMarks(swaps)]);
  };
  const last = bins => bins.reduce((most, n, i) => n > 0 ? i : most, 0);
  const sizes = () => {
    const bins = group().sizes;
    const shown = bins.slice(0, last(bins) + 1);
    draw('sizes', 'bar', { labels: shown.map((n, k) => bytes(2 ** k)), datasets: [{ label: 'births', data: shown,
      backgroundColor: COLOURS[0] }] }, { scales: { x: axis('bytes asked for, at most'), y: axis('births', {
      ticks: { callback: count } }) }, plugins: { legend: { display: false } } });
  };
  const reuse = () => {
    const longest = Math.max(0, ...counted().map(cell => last(cell.runs[0].reuse)));
    draw('reuse', 'bar', { labels: Array.from({ length: longest + 1 }, (x, k) => k === 0 ? 'new' : '< ' + count(2 ** k)),
      datasets: counted().map(cell => ({ label: cell.label, backgroundColor: colour(cell),
        data: cell.runs[0].reuse.slice(0, longest + 1) })) },
    { scales: { x: axis('events since the free'), y: axis('births', { ticks: { callback: count } }) } });
  };
  const latency = () => {
    const timed = group().cells.filter(cell => cell.wallClock);
    $('latencies').hidden = timed.length === 0;
    if (timed.length === 0) { return; }
    const left = p => 100 / (100 - p);
    draw('latency', 'line', { datasets: timed.map(cell => ({ label: cell.label, borderColor: colour(cell), borderWidth: 1.5,
      pointRadius: 0, data: cell.wallClock.percentiles.map((p, i) => ({ x: left(p), y: cell.wallClock.latency[i] }))
        .filter(point => Number.isFinite(point.x) && point.x < 1e7) })) },
    { parsing: false, scales: {
      x: axis('percentile', { type: 'logarithmic', ticks: { callback: x => Math.log10(x) % 1 === 0
        ? (x === 1 ? '0' : (100 - 100 / x).toFixed(Math.max(0, Math.round(Math.log10(x)) - 2))) + ' %' : '' } }),
      y: axis('ns per call', { type: 'logarithmic', ticks: { callback: count } }) } });
  };

  // ---- memory at the peak ----
  const shot = () => counted()[$('cell').value]?.shot[0];
  const value = mark => mark === '.' ? null : parseInt(mark, 16) / 15;
  const heat = share => share === null ? '' : `hsl(${15 + 195 * share} 75% ${light ? 50 : 48}%)`;
  const mean = fill => {
    const held = [...fill].map(value).filter(share => share !== null);
    return held.length === 0 ? null : held.reduce((sum, share) => sum + share, 0) / held.length;
  };
  const held = fill => [...fill].filter(mark => mark !== '.').length;
  const pageBytes = () => shot().pageBytes;
  const hex = n => n < 0 ? '0x' + (BigInt(n) + (1n << 64n)).toString(16) : '0x' + n.toString(16);
  const address = number => hex(BigInt(number) * BigInt(pageBytes()));
  const button = (into, share, title, action) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.title = title;
    made.style.background = heat(share);
    made.onclick = () => {
      into.querySelector('.chosen')?.classList.remove('chosen');
      made.classList.add('chosen');
      action();
    };
    into.append(made);
    return made;
  };
  const tiles = () => {
    $('tiles').replaceChildren();
    $('pages').replaceChildren();
    $('blocks').replaceChildren();
    $('pagenote').textContent = '';
    if (!shot()) { return; }
    const all = shot()[$('space').value];
    for (const tile of all) {
      button($('tiles'), mean(tile.fill),
        `${address(tile.number * 512)}: ${held(tile.fill)} of 512 pages are the heap's, ${percent(mean(tile.fill) ?? 0)} live`,
        () => pages(tile));
    }
    $('tilenote').textContent = `${all.length} times 2 MiB hold pages of the heap, after event ${count(shot().event)}, when most `
      + 'bytes are live. Choose a tile for its 512 pages.';
    $('tiles').dataset.points = all.length;
    $('tiles').firstChild?.click();
  };
  const pages = tile => {
    $('pages').replaceChildren();
    $('blocks').replaceChildren();
    const ram = $('space').value === 'ram';
    [...tile.fill].forEach((mark, i) => {
      const number = tile.number * 512 + i;
      const known = shot().pages.find(page => (ram ? page.frame : page.page) === number);
      const made = button($('pages'), value(mark), `${address(number)}: ${mark === '.' ? 'not the heap\'s'
        : percent(value(mark)) + ' live'}`, () => blocks(known));
      if (known) { made.classList.add('known'); }
    });
    $('pagenote').textContent = 'Framed pages hold the least: choose one for its blocks.';
    $('pages').querySelector('.known')?.click();
  };
  const blocks = known => {
    $('blocks').replaceChildren();
    for (let i = 0; known && i < known.blocks.length; i += 2) {
      const made = document.createElement('i');
      made.style.left = known.blocks[i] / pageBytes() * 100 + '%';
      made.style.width = Math.max(0.2, known.blocks[i + 1] / pageBytes() * 100) + '%';
      made.title = `${known.blocks[i + 1]} bytes at offset ${known.blocks[i]}`;
      $('blocks').append(made);
    }
  };
  const layout = () => {
    const all = shot() ? shot().addresses : [];
    const live = all.map(tile => [...tile.fill].reduce((sum, mark) => sum + (value(mark) ?? 0), 0) * (shot()?.pageBytes ?? 0));
    const first = all.length > 0 ? all[0].number : 0;
    draw('layout', 'bar', { labels: all.map(tile => '+' + bytes((tile.number - first) * 512 * shot().pageBytes)), datasets: [
      { label: 'live', data: live, backgroundColor: COLOURS[0] },
      { label: 'mapped, not live', data: all.map((tile, i) => held(tile.fill) * shot().pageBytes - live[i]),
        backgroundColor: COLOURS[1] }] },
    { scales: { x: axis('from the first address', { stacked: true }), y: axis('bytes in 2 MiB', { stacked: true,
      ticks: byteTicks(2 ** 21) }) } });
  };
  const legend = () => {
    const items = [['', 'not the heap’s'], [0, 'held, nothing live'], [0.5, 'half live'], [1, 'all live']];
    $('legend').replaceChildren(...items.flatMap(([share, text]) => {
      const swatch = document.createElement('i');
      swatch.style.background = share === '' ? 'var(--none)' : heat(share);
      return [swatch, text];
    }));
  };

  // ---- the page ----
  const options = (id, texts) => $(id).replaceChildren(...texts.map(([value, text]) => new Option(text, value)));
  const drawAll = () => {
    summary();
    pareto();
    series();
    sizes();
    reuse();
    latency();
    tiles();
    layout();
    legend();
  };
  const choose = () => {
    options('cell', counted().map((cell, i) => [i, cell.label]));
    drawAll();
  };
  options('group', data.groups.map((one, i) => [i, `${file(one.trace)} on ${file(one.map)}`]));
  options('metric', Object.entries(METRICS));
  table('costs', Object.keys(data.costs), [Object.values(data.costs).map(count)]);
  $('about').textContent = `Quarry ${data.version}; ${data.repeat} runs of each cell, `
    + (data.seed > 0 ? `those after the first on a machine perturbed from seed ${data.seed} on.` : 'none perturbed.');
  ranks();
  $('group').onchange = choose;
  $('metric').onchange = series;
  $('cell').onchange = () => { tiles(); layout(); };
  $('space').onchange = tiles;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  addEventListener('beforeprint', () => { light = true; drawAll(); });
  addEventListener('afterprint', () => { light = false; drawAll(); });
  choose();
  document.documentElement.dataset.ready = 'yes';
})();
