import type { LocalTokenizer } from '../clients/scoring/remoteScorer';
import { loadCheckpointTokenizer } from '../inference/checkpoints/checkpointTokenizer';
import { locateModel, type ModelPlaces } from './locateModel';
import { MissingModelError } from './missingModelError';

/** The tokenizer of a model by its name, for a server that cannot tokenise; undefined where the model is not on this machine. */
export async function localTokenizer(model: string, places: ModelPlaces): Promise<LocalTokenizer | undefined> {
  try {
    return await loadCheckpointTokenizer((await locateModel(model, places)).folder);
  } catch (error) {
    if (error instanceof MissingModelError) return undefined;
    throw error;
  }
}
