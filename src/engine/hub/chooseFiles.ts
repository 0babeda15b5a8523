import { HubError } from './hubError';
import { configFile, graphFile, neededFiles, tokenizerFile, tokenizerParts, weightsFile, weightsIndexFile } from './modelFiles';

/** Small files that tokenizers read where they are there. */
const besides = ['tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json', 'chat_template.jinja'] as const;
/** Weights that stand beside a graph when they are larger than a graph may be. */
const besideGraph = ['model.onnx_data', 'model.onnx.data'] as const;

export interface ChosenFiles {
  readonly names: readonly string[];
  /** Whether the weights are what `model.safetensors.index.json`, one of `names`, lists. */
  readonly sharded: boolean;
}

/**
 * Of the files at the top of a model's repository those that scoring needs: each thing once, however many formats there are.
 *
 * @throws HubError when it holds no whole model
 */
export function chooseFiles(listed: ReadonlySet<string>, model: string): ChosenFiles {
  const all = (names: readonly string[]): readonly string[] | undefined => (names.every((name) => listed.has(name)) ? names : undefined);
  const config = all([configFile]);
  const tokenizer = all([tokenizerFile]) ?? all(tokenizerParts);
  const weights = all([weightsFile]) ?? all([weightsIndexFile]) ?? all([graphFile]);
  if (config === undefined || tokenizer === undefined || weights === undefined) {
    const pickled = weights === undefined && listed.has('pytorch_model.bin') ? ' Of pytorch_model.bin nothing is read, since it can hold code; look for a copy of the model in safetensors.' : '';
    throw new HubError(`${model} does not hold what scoring needs: ${neededFiles}.${pickled}`);
  }
  const optional = [...besides, ...(weights.includes(graphFile) ? besideGraph : [])].filter((name) => listed.has(name));
  return { names: [...config, ...tokenizer, ...optional, ...weights], sharded: weights.includes(weightsIndexFile) };
}
