import { z } from 'zod';

/** A number as JSON can hold it, `1e999` and so Infinity among them, or null. Which of them may stand where is for `promptNlls` to say. */
export const logProbSchema = z.custom<number | null>((value) => value === null || typeof value === 'number');
