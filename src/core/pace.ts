/** A run is described after this long: before that its speed is chance. */
const enoughMs = 2000;

/** How fast a long run goes and how long it will take, from what it reports. Times in milliseconds. */
export class Pace {
  readonly #began: number;

  constructor(began: number) {
    this.#began = began;
  }

  /** ` · 41/s · 3 min left`, or nothing while too little is known. `share` is the part of the work done, from 0 to 1. */
  describe(now: number, done: number, share: number): string {
    const elapsed = now - this.#began;
    if (elapsed < enoughMs || done === 0 || share <= 0) return '';
    const rate = done / (elapsed / 1000);
    return ` · ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s${share < 1 ? ` · ${duration((elapsed * (1 - share)) / share)} left` : ''}`;
  }
}

/** `40 s`, `3 min`, `2 h 5 min`. */
function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
