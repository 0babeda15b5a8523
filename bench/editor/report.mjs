/** The budgets of the open editor, in milliseconds at the 99th percentile. */
const budgets = { hover: 10, badges: 16, keystroke: 50 };
const names = { hover: 'hover', badges: 'badges of 60 records', keystroke: 'keystroke → badges of 60 records' };
const titles = { unscored: 'Nothing scored', scored: 'All records scored' };

/** Markdown tables of one or both runs: what was measured, and whether it is within its budget. */
export function report(runs) {
  const [first] = Object.values(runs);
  const sections = Object.entries(runs).map(([kind, run]) => `## ${titles[kind]}\n\n${times(run)}\n\n${memory(run)}\n`);
  return [
    '# The language server with a large file open',
    '',
    `\`node bench/editor.mjs\` and \`node bench/editor.mjs --scored\`: the real server over standard input and output; ${first.fileMegabytes} MB, ${first.records.toLocaleString('en')} records, ${first.cores} cores, Node ${first.node}.`,
    'Milliseconds from sending a request to having read its answer; “net” takes away the median of a request that is answered with nothing; “CPU” is how long the server\'s main thread ran.',
    'Busy: while the file is being read and its lengths measured.',
    '',
    ...sections,
  ].join('\n');
}

function times(run) {
  const rows = [];
  for (const [when, title] of [['quiet', 'at rest'], ['busy', 'busy']]) {
    const idle = run[when].nothing.p50;
    for (const [name, budget] of Object.entries(budgets)) {
      const { samples, p50, p95, p99, worst, cpuP50, cpuP99 } = run[when][name];
      const net = Math.max(0, p99 - idle).toFixed(2);
      rows.push(`| ${names[name]}, ${title} | ${p50} | ${p95} | ${p99} | ${net} | ${worst} | ${cpuP50} | ${cpuP99} | ${samples} | ≤ ${budget} | ${net <= budget ? 'held' : '**not held**'} |`);
    }
    const { samples, p50, p95, p99, worst, cpuP50, cpuP99 } = run[when].nothing;
    rows.push(`| a request answered with nothing, ${title} | ${p50} | ${p95} | ${p99} | | ${worst} | ${cpuP50} | ${cpuP99} | ${samples} | | |`);
  }
  const once = `Open → first badges ${run.openToBadgesMs} ms; all lines read after ${run.allReadMs} ms, all lengths measured after ${run.allMeasuredMs} ms${run.scoringMs === undefined ? '' : `; all records scored in ${run.scoringMs} ms`}.`;
  return `| | p50 | p95 | p99 | p99 net | worst | CPU p50 | CPU p99 | samples | budget p99 net | |\n|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|:--|\n${rows.join('\n')}\n\n${once}`;
}

function memory({ memoryMegabytes: memory, fileMegabytes }) {
  const budget = Math.round(4 * fileMegabytes + 150);
  const rows = Object.entries(memory).map(([when, megabytes]) => `| ${when.replaceAll(/([A-Z]|\d+)/g, ' $1').toLowerCase()} | ${megabytes} | ${megabytes <= budget ? 'held' : '**not held**'} |`);
  return `Resident memory of the server process, worker included, MB; budget ${budget} (4 × the file + 150).\n\n| when | MB | |\n|:--|--:|:--|\n${rows.join('\n')}`;
}
