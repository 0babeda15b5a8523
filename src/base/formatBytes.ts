const steps = ['kB', 'MB', 'GB', 'TB'] as const;

/** `950 B`, `2.1 MB`, `548 MB`, `1.1 GB`: decimal units, as download pages count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let rest = bytes / 1000;
  let step = 0;
  for (; rest >= 999.5 && step < steps.length - 1; step++) rest /= 1000;
  return `${rest < 9.95 ? Number(rest.toFixed(1)) : Math.round(rest)} ${steps[step] ?? ''}`;
}
