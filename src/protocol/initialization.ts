import { z } from 'zod';

/** What an editor may send as `initializationOptions`. All of it is optional: a plain LSP client sends nothing. */
export const initializationSchema = z
  .object({
    /** One folder per user for scores and proposals. Default: the same folder as the command line's. */
    storageDir: z.string().min(1),
    /** `models/` of the installation. Default: beside the folder that the server was started from. */
    modelsDir: z.string().min(1),
    /** Default: `worker.cjs` beside the server. */
    workerPath: z.string().min(1),
    /** The editor has registered the commands of `commandId`; links and actions that need them are shown. Default false. */
    commands: z.boolean(),
    /** The settings, for editors that neither send nor answer for them: what `cupel` is in VS Code's. */
    cupel: z.unknown(),
    /** The editor shows images in hovers: histograms are drawn, not spelled. Default: as `commands`. */
    hoverImages: z.boolean(),
    /** The editor answers `cupel/teacherKey`. Default false: keys come from the environment only. */
    teacherKeys: z.boolean(),
  })
  .partial();

export type InitializationOptions = z.infer<typeof initializationSchema>;
